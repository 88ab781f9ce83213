using Barnabas.Cli.Framework;
using Barnabas.Connect.Worker;

namespace Barnabas.Cli.Verbs.Connect;

/// <summary>connect-standalone: a worker with the connectors of some files.</summary>
internal sealed class ConnectStandaloneVerb : Verb
{
    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 1 || arguments.Contains("--help"))
            throw new UsageException("USAGE: connect-standalone [-daemon] connect-standalone.properties [connector1.properties connector2.json ...]\n", 1, toStandardError: true);
        var connectors = arguments.Skip(1).Select(ConnectFiles.Connector).ToList();
        return ConnectRunner.RunAsync(context, WorkerConfig.Standalone(LoginFile.CompleteWorker(ConnectFiles.Properties(arguments[0]))), connectors);
    }
}
