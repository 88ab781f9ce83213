using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Figures;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms figures.</summary>
internal sealed class FiguresCommand : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas fms figures [OPTION...]\nMeasures the pipeline against its goals, on a node of its own; ends with 1 where a goal is missed.");
        var defaults = new FiguresOptions();
        var readings = parser.Value("readings", "Integer: count", "How many readings go through at full speed.", Text(defaults.Readings));
        var rate = parser.Value("rate", "Integer: count", "How many readings a second the delay is measured at.", Text(defaults.PacedPerSecond));
        var seconds = parser.Value("seconds", "Integer: seconds", "How long the delay is measured.", Text((int)defaults.PacedDuration.TotalSeconds));
        var stored = parser.Value("stored", "Integer: count", "How many readings go through with storage; 0 leaves that out.", Text(defaults.StoredReadings));
        var devices = parser.Value("devices", "Integer: count", "How many devices send.", Text(defaults.Devices));
        var partitions = parser.Value("partitions", "Integer: count", "Partitions of each topic.", Text(defaults.Partitions));
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return 0;
        FmsRun.ForbidWords(options);
        const int most = 100_000_000;
        var figures = new FiguresOptions
        {
            Readings = FmsRun.Number(options, readings, 1, most),
            PacedPerSecond = FmsRun.Number(options, rate, 1, 1_000_000),
            PacedDuration = TimeSpan.FromSeconds(FmsRun.Number(options, seconds, 1, 100)),
            StoredReadings = FmsRun.Number(options, stored, 0, most),
            Devices = FmsRun.Number(options, devices, 1, 10_000),
            Partitions = FmsRun.Number(options, partitions, 1, 1_000),
        };
        return await FmsRun.GuardProcessesAsync(context, async stop => await FmsFigures.RunAsync(FmsRun.World(context), figures, stop) ? 0 : 1);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
