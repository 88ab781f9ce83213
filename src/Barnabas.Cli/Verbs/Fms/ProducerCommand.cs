using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Collecting;
using Barnabas.Fms.Machinery;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms producer.</summary>
internal sealed class ProducerCommand : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas fms producer [--test] [OPTION...]\nAsks the FMS API for each device and sends what it says to a topic, with the device's number as key.");
        var servers = FmsRun.BootstrapServer(parser);
        var topic = parser.Value("topic", "String: topic", "Where readings go.", FmsTopics.SensorData);
        var api = parser.Value("api", "String: url", "The FMS API.", "http://localhost:8000/");
        var devices = parser.Value("devices", "Integer: count", "Devices 1 to this are asked for.", "5");
        var interval = parser.Value("interval-ms", "Integer: ms", "From one round to the next.", "10000");
        var test = parser.Flag("test", "One round only; ends with 1 where a device could not be read or sent.");
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return 0;
        FmsRun.ForbidWords(options);
        if (!Uri.TryCreate(options.Required(api).TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new OptionException($"Invalid value for --api: {options.Required(api)}; it must be http://HOST:PORT/");
        var pause = TimeSpan.FromMilliseconds(FmsRun.Number(options, interval, 10, 3_600_000));
        await using var producer = new ReadingProducer(
            FmsRun.Servers(options, servers), options.Required(topic), address, FmsRun.Number(options, devices, 1, 10_000), ToolEnvironment.Of(context), context.Out);
        if (options.Has(test))
            return await producer.RunRoundAsync(context.Stop) == 0 ? 0 : 1;
        await producer.RunAsync(pause, context.Stop);
        return 0;
    }
}
