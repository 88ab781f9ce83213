using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs;

/// <summary>Tools of Apache Kafka that Barnabas does not have yet: they say so in one line and fail.</summary>
internal sealed class NotThereYet(string script) : Verb
{
    private static readonly (string Name, string Script, string What)[] Tools =
    [
        ("connect-mirror-maker", "connect-mirror-maker", "MirrorMaker on Connect"),
        ("connect-plugin-path", "connect-plugin-path", "manifests of Connect plug-ins"),
        ("mirror-maker", "kafka-mirror-maker", "MirrorMaker of old"),
        ("trogdor", "trogdor", "Trogdor, the test framework"),
        ("zookeeper-shell", "zookeeper-shell", "a shell of ZooKeeper, which Barnabas does not have"),
    ];

    public static IEnumerable<VerbEntry> Entries { get; } =
        Tools.Select(tool => new VerbEntry(tool.Name, tool.Script, $"{tool.What} (not there yet)", () => new NotThereYet(tool.Script)));

    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Contains("--help"))
            throw new UsageException($"usage: {script} OPTIONS    (Barnabas does not have this tool yet)\n", 1, toStandardError: true);
        throw new VerbException($"{script}: Barnabas does not have this tool yet");
    }
}
