using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms: each part of the factory-monitoring pipeline by itself.</summary>
internal sealed class FmsVerb : Verb
{
    private static readonly FmsCommand[] Commands =
    [
        new("simulator", "serves the FMS API of simulated devices, with faults on demand", () => new SimulatorCommand()),
        new("producer", "asks the FMS API for each device and sends what it says to sensor-data", () => new ProducerCommand()),
        new("analyser", "reads sensor-data, judges each reading, writes sensor-alerts and shows it", () => new AnalyserCommand()),
        new("filter", "copies records with a keyword from one topic to another", () => new FilterCommand()),
        new("watch", "shows what arrives in sensor-alerts", () => new WatchCommand()),
        new("drill", "takes down API, broker and database, and counts what was lost", () => new DrillCommand()),
        new("figures", "measures the pipeline against its goals", () => new FiguresCommand()),
    ];

    /// <summary>The names of the commands.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Commands.Select(command => command.Name)];

    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            throw new UsageException(Usage(), 1, toStandardError: true);
        if (arguments[0] is "--help" or "-h" or "help")
            throw new UsageException(Usage(), 0, toStandardError: false);
        var command = Commands.FirstOrDefault(command => command.Name == arguments[0])
            ?? throw new VerbException($"barnabas fms: there is no {arguments[0]}; barnabas fms --help lists what there is");
        return FmsRun.GuardAsync(() => command.Create().RunAsync(context, [.. arguments.Skip(1)]));
    }

    private static string Usage()
    {
        var width = Commands.Max(command => command.Name.Length) + 4;
        var lines = Commands.Select(command => "  " + command.Name.PadRight(width) + command.Summary);
        return $"usage: barnabas fms COMMAND [OPTION...]    COMMAND --help lists its options; barnabas demo fms runs all parts together\n\n{string.Join('\n', lines)}\n";
    }

    private sealed record FmsCommand(string Name, string Summary, Func<Verb> Create);
}
