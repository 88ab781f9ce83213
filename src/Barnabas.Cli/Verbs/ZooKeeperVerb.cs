using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs;

/// <summary>zookeeper-server-start and -stop: the first step of older tutorials, for which there is nothing to do.</summary>
internal sealed class ZooKeeperVerb(bool isStart) : Verb
{
    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Contains("--help"))
            throw new UsageException(isStart
                ? "USAGE: zookeeper-server-start.sh [-daemon] zookeeper.properties\n"
                : "USAGE: zookeeper-server-stop.sh\n", 1, toStandardError: true);
        if (arguments.FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
            throw new VerbException($"{unknown[2..]} is not a recognized option");
        context.Out.WriteLine(isStart
            ? "Barnabas needs no ZooKeeper, its metadata quorum is built in: go on with kafka-server-start.sh."
            : "Barnabas runs no ZooKeeper, its metadata quorum is built in: nothing to stop.");
        return Task.FromResult(0);
    }
}
