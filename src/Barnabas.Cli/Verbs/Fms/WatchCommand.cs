using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Watching;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms watch.</summary>
internal sealed class WatchCommand : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas fms watch [OPTION...]\nShows what arrives in a topic that the analyser writes: a table on a terminal, lines elsewhere.");
        var servers = FmsRun.BootstrapServer(parser);
        var topic = parser.Value("topic", "String: topic", "What the analyser, or the filter behind it, writes.", FmsTopics.SensorAlerts);
        var fromBeginning = parser.Flag("from-beginning", "Show what is there already too.");
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return 0;
        FmsRun.ForbidWords(options);
        await new AlertWatch(FmsRun.Servers(options, servers), options.Required(topic), options.Has(fromBeginning), ToolEnvironment.Of(context), context.Out, context.IsTerminal).RunAsync(context.Stop);
        return 0;
    }
}
