namespace Barnabas.Interop.Tests;

/// <summary>How Java is to run a program that lives for a moment: to compile it well, and to collect beside its work, is not worth the while.</summary>
internal static class JavaTools
{
    public const string Options = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData";

    /// <summary>For the scripts of Apache Kafka's tools; its servers do better without.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["KAFKA_HEAP_OPTS"] = $"-Xmx256M {Options}",
        ["KAFKA_JVM_PERFORMANCE_OPTS"] = Options,
    };

    /// <summary>The variables for a program, none where it is not one of these tools.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(string file) =>
        System.Environment.GetEnvironmentVariable("BARNABAS_PEERS") is { Length: > 0 } peers && file.StartsWith(Path.Combine(peers, "kafka", "bin"), StringComparison.Ordinal) ? Environment : new Dictionary<string, string>();
}
