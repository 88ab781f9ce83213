namespace Barnabas.Interop.Tests;

/// <summary>A folder with <c>bin/kafka-*.sh</c>: this checkout, or Apache Kafka among the peers.</summary>
internal sealed record Distribution(string Home)
{
    public static Distribution Barnabas { get; } = new(FindCheckout());

    /// <summary>Apache Kafka; skips the calling test with the reason where it is not there.</summary>
    public static Distribution ApacheKafka()
    {
        var home = Path.Combine(Peers.Folder(), "kafka");
        Assert.SkipUnless(File.Exists(Path.Combine(home, "bin", "kafka-topics.sh")), $"no Apache Kafka in {home}");
        return new Distribution(home);
    }

    public string Tool(string name) => Path.Combine(Home, "bin", name + ".sh");

    public Task<CommandResult> RunAsync(string tool, params string[] arguments) =>
        Command.RunAsync(Tool(tool), arguments);

    private static string FindCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Barnabas.slnx")))
                return folder.FullName;
        throw new InvalidOperationException($"No Barnabas.slnx above {AppContext.BaseDirectory}");
    }
}
