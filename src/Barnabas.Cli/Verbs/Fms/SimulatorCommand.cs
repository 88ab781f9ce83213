using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Simulation;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms simulator.</summary>
internal sealed class SimulatorCommand : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas fms simulator [OPTION...]\nServes the FMS API: GET /1/ to /5/ give a reading, PUT and DELETE /faults/KIND make trouble and end it.");
        var url = parser.Value("listen", "String: url", "Where the API listens.", "http://localhost:8000");
        var fault = parser.Value("fault", "String: fault", "A fault from the start: failing=DEVICE, slow=MS, errors or down; may be given again.");
        var simulator = new SimulatorOptionSet(parser);
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return 0;
        FmsRun.ForbidWords(options);
        var faults = new FaultPlan();
        foreach (var text in options.ValuesOf(fault))
            if (text.Split('=', 2) is var parts && !SimulatorServer.TrySet(faults, parts[0], parts.ElementAtOrDefault(1), context.Time.GetUtcNow()))
                throw new OptionException($"Invalid value for --fault: {text}; it must be failing=DEVICE, slow=MS, errors or down");
        if (!Uri.TryCreate(options.Required(url), UriKind.Absolute, out var address) || address.Scheme != "http")
            throw new OptionException($"Invalid value for --listen: {options.Required(url)}; it must be http://HOST:PORT");
        await using var server = await SimulatorServer.StartAsync(
            address.GetLeftPart(UriPartial.Authority), simulator.Read(options), faults, context.Time, ToolEnvironment.Loggers(context), context.Stop);
        context.Out.WriteLine($"The FMS API listens on {server.Url}: curl {server.Url}/1/    Ctrl+C stops it.");
        await context.Out.FlushAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, context.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
