using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Demo;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas demo: a whole system by one command. There is one: fms, factory monitoring.</summary>
internal sealed class DemoVerb : Verb
{
    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas demo fms [OPTION...]\nRuns factory monitoring: a node with Kafka Connect, simulated devices, HTTP source, analyser, keyword filter, JDBC sink, database, and a live view.");
        var plant = new PlantOptionSet(parser);
        var duration = parser.Value("for", "Integer: seconds", "Stop after this time; not given: on Ctrl+C.");
        if (arguments.Count > 0 && arguments[0] is not "fms" && !arguments[0].StartsWith('-'))
            throw new VerbException($"barnabas demo: there is no {arguments[0]}; there is fms");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return Task.FromResult(0);
        FmsRun.ForbidWords(options, "fms");
        var limit = options.Has(duration) ? TimeSpan.FromSeconds(FmsRun.Number(options, duration, 1, 1_000_000)) : Timeout.InfiniteTimeSpan;
        return FmsRun.GuardProcessesAsync(context, async stop =>
        {
            await FmsDemo.RunAsync(FmsRun.World(context), plant.Read(options), limit, stop);
            return 0;
        });
    }
}
