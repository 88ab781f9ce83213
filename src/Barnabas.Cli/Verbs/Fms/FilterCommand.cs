using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Relaying;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms filter.</summary>
internal sealed class FilterCommand : Verb
{
    private const int Partitions = 2;

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas fms filter --keyword WORD [OPTION...]\nCopies records whose value holds a keyword from one topic to another, at least once.");
        var servers = FmsRun.BootstrapServer(parser);
        var keyword = parser.Value("keyword", "String: keyword", "REQUIRED: What to look for; given again, one of them is enough.");
        var ignoreCase = parser.Flag("ignore-case", "Let a to z stand for A to Z too.");
        var input = parser.Value("input", "String: topic", "Where records are.", FmsTopics.SensorAlerts);
        var output = parser.Value("output", "String: topic", "Where those with a keyword go.", FmsTopics.CriticalAlerts);
        var group = parser.Value("group", "String: group", "The consumer group.", "fms-filter");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        FmsRun.ForbidWords(options);
        options.Require(keyword);
        if (options.ValuesOf(keyword).Any(string.IsNullOrEmpty))
            throw new OptionException("Invalid value for --keyword: it must not be empty");
        if (options.Required(input) == options.Required(output))
            throw new OptionException("--input and --output are the same topic: records would go round for ever");
        var relay = new RelayOptions
        {
            BootstrapServers = FmsRun.Servers(options, servers),
            InputTopic = options.Required(input),
            OutputTopic = options.Required(output),
            GroupId = options.Required(group),
        };
        var environment = ToolEnvironment.Of(context);
        await FmsTopics.CreateAsync(relay.BootstrapServers, [relay.InputTopic, relay.OutputTopic], Partitions, environment, context.Stop);
        context.Out.WriteLine($"{relay.InputTopic} -> {string.Join(" or ", options.ValuesOf(keyword))} -> {relay.OutputTopic}; Ctrl+C stops it.");
        await context.Out.FlushAsync();
        var progress = new RelayProgress();
        await Relays.FilterAsync(relay, options.ValuesOf(keyword), options.Has(ignoreCase), progress, environment, context.Stop);
        context.Out.WriteLine($"{progress.Written} of {progress.Read} records let through.");
        return 0;
    }
}
