using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Relaying;
using Barnabas.Fms.Watching;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms analyser.</summary>
internal sealed class AnalyserCommand : Verb
{
    private const int Partitions = 2;

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas fms analyser [OPTION...]\nReads readings, judges each (moving averages, thresholds, failures: NORMAL or CRITICAL), writes what it found and shows it. At least once: offsets are committed when what came of them is acknowledged.");
        var servers = FmsRun.BootstrapServer(parser);
        var input = parser.Value("input", "String: topic", "Where readings are.", FmsTopics.SensorData);
        var output = parser.Value("output", "String: topic", "Where findings go.", FmsTopics.SensorAlerts);
        var group = parser.Value("group", "String: group", "The consumer group; several analysers of one group share the work.", "fms-analyser");
        var sensor = parser.Value("sensor-threshold", "Number: value", "A sensor above this is an alert.", "90");
        var motor = parser.Value("motor-threshold", "Number: value", "A motor above this is an alert.", "1500");
        var window = parser.Value("window", "Integer: readings", "How many readings a moving average covers.", "10");
        var quiet = parser.Flag("quiet", "Show nothing.");
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return 0;
        FmsRun.ForbidWords(options);
        var relay = new RelayOptions
        {
            BootstrapServers = FmsRun.Servers(options, servers),
            InputTopic = options.Required(input),
            OutputTopic = options.Required(output),
            GroupId = options.Required(group),
        };
        var analysis = new AnalysisOptions
        {
            SensorThreshold = Threshold(options, sensor),
            MotorThreshold = Threshold(options, motor),
            WindowReadings = FmsRun.Number(options, window, 1, 10_000),
        };
        var environment = ToolEnvironment.Of(context);
        await FmsTopics.CreateAsync(relay.BootstrapServers, [relay.InputTopic, relay.OutputTopic], Partitions, environment, context.Stop);
        var running = Relays.AnalyseAsync(relay, analysis, new RelayProgress(), environment, context.Stop);
        if (!options.Has(quiet))
            await new AlertWatch(relay.BootstrapServers, relay.OutputTopic, fromBeginning: false, environment, context.Out, context.IsTerminal).RunAsync(context.Stop);
        await running;
        return 0;
    }

    private static double Threshold(OptionSet options, OptionSpec option) =>
        double.TryParse(options.Required(option), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new OptionException($"Invalid value for --{option.Names[0]}: {options.Required(option)} is no number");
}
