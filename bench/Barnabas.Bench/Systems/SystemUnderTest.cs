namespace Barnabas.Bench.Systems;

/// <summary>Which column of the table a figure belongs to.</summary>
internal enum Side
{
    Barnabas,
    Kafka,
}

/// <summary>A distribution: a folder with <c>bin/kafka-*.sh</c>.</summary>
internal sealed record SystemUnderTest(Side Side, string Name, string Home)
{
    public string Tool(string name) => Path.Combine(Home, "bin", name + ".sh");
}
