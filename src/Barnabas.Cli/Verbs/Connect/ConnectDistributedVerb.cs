using Barnabas.Cli.Framework;
using Barnabas.Connect.Worker;

namespace Barnabas.Cli.Verbs.Connect;

/// <summary>connect-distributed: a worker whose connectors live in topics.</summary>
internal sealed class ConnectDistributedVerb : Verb
{
    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 1 || arguments.Contains("--help"))
            throw new UsageException("USAGE: connect-distributed [-daemon] connect-distributed.properties\n", 1, toStandardError: true);
        return ConnectRunner.RunAsync(context, WorkerConfig.Distributed(LoginFile.CompleteWorker(ConnectFiles.Properties(arguments[0]))), []);
    }
}
