using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>kafka-producer-perf-test: how fast records are produced.</summary>
internal sealed class ProducerPerfTestVerb : Verb
{
    private readonly ArgumentParser _parser = new("kafka-producer-perf-test", "This tool is used to verify the producer performance.");
    private readonly Argument _server;
    private readonly Argument _topic;
    private readonly Argument _records;
    private readonly Argument _size;
    private readonly Argument _file;
    private readonly Argument _delimiter;
    private readonly Argument _monotonic;
    private readonly Argument _throughput;
    private readonly Argument _oldProperties;
    private readonly Argument _properties;
    private readonly Argument _oldConfig;
    private readonly Argument _config;
    private readonly Argument _transactionalId;
    private readonly Argument _transactionDuration;
    private readonly Argument _warmup;
    private readonly Argument _interval;

    public ProducerPerfTestVerb()
    {
        _server = _parser.Value("--bootstrap-server", "The servers to connect to.");
        _topic = _parser.Value("--topic", "The topic to produce to.", required: true);
        _records = _parser.Value("--num-records", "Number of records.", required: true);
        _delimiter = _parser.Value("--payload-delimiter", "What divides the payloads of a file.", defaultValue: "\\n");
        _throughput = _parser.Value("--throughput", "Most records a second; -1 for no limit.", required: true);
        _oldProperties = _parser.Many("--producer-props", "The older name of --command-property.");
        _properties = _parser.Many("--command-property", "Configurations of the producer, as key=value.");
        _oldConfig = _parser.Value("--producer.config", "The older name of --command-config.");
        _config = _parser.Value("--command-config", "A file of the producer's configuration.");
        _transactionalId = _parser.Value("--transactional-id", "Produce in transactions under this id.");
        _transactionDuration = _parser.Value("--transaction-duration-ms", "Milliseconds a transaction lasts.");
        _warmup = _parser.Value("--warmup-records", "Records at the beginning that are not counted in the steady state.", defaultValue: "0");
        _interval = _parser.Value("--reporting-interval", "Milliseconds between reports.", defaultValue: "5000");
        _size = _parser.Value("--record-size", "Bytes of each record.");
        _file = _parser.Value("--payload-file", "A file of payloads, of which one is sent by chance each time.");
        _monotonic = _parser.Flag("--payload-monotonic", "Payloads are numbers counted up.");
        _parser.OneOf(required: true, _size, _file, _monotonic);
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var call = _parser.Parse(arguments);
        if (call.Has(_transactionalId) || call.Has(_transactionDuration))
            throw new VerbException("kafka-producer-perf-test: Barnabas has no transactions yet");
        var records = call.IntOf(_records);
        var payloads = call.Has(_size) ? Payloads.OfSize(call.IntOf(_size))
            : call.Has(_file) ? Payloads.FromFile(call.Required(_file), call.Required(_delimiter))
            : Payloads.Counted();
        var options = ProducerOptions.Parse(Properties(context, call));
        var topic = call.Required(_topic);
        var warmup = call.LongOf(_warmup);
        var interval = call.LongOf(_interval);
        var all = new LatencyStats(context.Out, context.Time, interval, records);
        LatencyStats? steady = null;
        var throttle = new Throttle(double.Parse(call.Required(_throughput), System.Globalization.CultureInfo.InvariantCulture), context.Time);
        await using (var producer = new Producer<byte[]?, byte[]?>(options, Serializers.ByteArray, Serializers.ByteArray, ClientEnvironment.ForProgram()))
        {
            for (var sent = 0L; sent < records; sent++)
            {
                if (warmup > 0 && sent == warmup)
                    steady = new LatencyStats(context.Out, context.Time, long.MaxValue, records);
                await SendAsync(context, producer, topic, payloads.Next(), all, steady);
                await throttle.WaitAsync(sent + 1, context.Stop);
            }

            await producer.FlushAsync(context.Stop);
        }

        all.PrintTotal();
        steady?.PrintTotal();
        return 0;
    }

    private static async ValueTask SendAsync(VerbContext context, Producer<byte[]?, byte[]?> producer, string topic, byte[] payload, LatencyStats all, LatencyStats? steady)
    {
        var began = context.Time.GetTimestamp();
        var size = payload.Length;
        await producer.EnqueueAsync(new ProducerRecord<byte[]?, byte[]?>(topic, null, payload), (_, error) => Told(error), context.Stop);

        void Told(KafkaException? error)
        {
            if (error is not null)
            {
                context.Error.WriteLine(JavaErrors.Describe(error));
                return;
            }

            var latency = (int)context.Time.GetElapsedTime(began).TotalMilliseconds;
            all.Record(latency, size);
            steady?.Record(latency, size);
        }
    }

    private Dictionary<string, string> Properties(VerbContext context, ArgumentSet call)
    {
        foreach (var (old, instead) in ((Argument, Argument)[])[(_oldProperties, _properties), (_oldConfig, _config)])
            if (call.Has(old))
                context.Out.WriteLine($"Option {old} has been deprecated and will be removed in a future version. Use {instead} instead.");
        var properties = Clients.LoadProperties(call.ValueOf(_config) ?? call.ValueOf(_oldConfig));
        Clients.AddKeyValues(properties, call.ValuesOf(_oldProperties).Concat(call.ValuesOf(_properties)));
        if (call.ValueOf(_server) is { } server)
            properties["bootstrap.servers"] = server;
        if (!properties.ContainsKey("bootstrap.servers"))
            throw new VerbException("At least one of --bootstrap-server, --command-property, --producer-props, --producer.config or --command-config must be specified.");
        properties.TryAdd("client.id", "perf-producer-client");
        properties["key.serializer"] = properties["value.serializer"] = "org.apache.kafka.common.serialization.ByteArraySerializer";
        return properties;
    }
}
