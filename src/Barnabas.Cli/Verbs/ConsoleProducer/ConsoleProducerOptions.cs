using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>The options of kafka-console-producer.</summary>
internal sealed class ConsoleProducerOptions
{
    private readonly OptionSpec _broker;
    private readonly OptionSpec _oldBroker;
    private readonly OptionSpec _codec;
    private readonly OptionSpec _reader;
    private readonly OptionSpec _property;
    private readonly OptionSpec _readerProperty;
    private readonly OptionSpec _readerConfig;
    private readonly OptionSpec _producerProperty;
    private readonly OptionSpec _commandProperty;
    private readonly OptionSpec _producerConfig;
    private readonly OptionSpec _commandConfig;
    private readonly (OptionSpec Option, string Key)[] _settings;

    public ConsoleProducerOptions()
    {
        var parser = Parser;
        Topic = parser.Value("topic", "String: topic", "REQUIRED: The topic that records are sent to.");
        _broker = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to, as HOST1:PORT1,HOST2:PORT2.");
        _oldBroker = parser.Value("broker-list", "String: broker-list", "The older name of --bootstrap-server.");
        Sync = parser.Flag("sync", "Send records one by one, each after the one before is acknowledged.");
        _codec = parser.OptionalValue("compression-codec", "String: compression-codec", "The codec: none, gzip, snappy, lz4 or zstd; gzip where none is named.");
        _reader = parser.Value("line-reader", "String: reader_class", "What takes lines apart.", "org.apache.kafka.tools.LineMessageReader");
        _property = parser.Value("property", "String: prop", "The older name of --reader-property.");
        _readerProperty = parser.Value("reader-property", "String: prop", "How lines are taken apart, as key=value: parse.key, key.separator, parse.headers, headers.delimiter, headers.separator, headers.key.separator, null.marker, ignore.error.");
        _readerConfig = parser.Value("reader-config", "String: config file", "A file of reader properties; --reader-property comes before it.");
        _producerProperty = parser.Value("producer-property", "String: producer_prop", "The older name of --command-property.");
        _commandProperty = parser.Value("command-property", "String: producer_prop", "A configuration of the producer, as key=value.");
        _producerConfig = parser.Value("producer.config", "String: config file", "The older name of --command-config.");
        _commandConfig = parser.Value("command-config", "String: config file", "A file of the producer's configuration; --command-property comes before it.");
        _settings =
        [
            (parser.Value("timeout", "Long: timeout_ms", "Milliseconds a batch waits for more records.", "1000"), "linger.ms"),
            (parser.Value("request-required-acks", "String: request required acks", "Acknowledgements: 0, 1 or all.", "-1"), "acks"),
            (parser.Value("request-timeout-ms", "Integer: request timeout ms", "Milliseconds a request waits for its answer.", "1500"), "request.timeout.ms"),
            (parser.Value("message-send-max-retries", "Integer", "How often a request is sent again.", "3"), "retries"),
            (parser.Value("retry-backoff-ms", "Long", "Milliseconds before a request is sent again.", "100"), "retry.backoff.ms"),
            (parser.Value("socket-buffer-size", "Integer: size", "Size of the socket's send buffer in bytes.", "102400"), "send.buffer.bytes"),
            (parser.Value("max-memory-bytes", "Long: total memory in bytes", "Bytes of memory for records that wait.", "33554432"), "buffer.memory"),
            (parser.Value("batch-size", "Integer: size", "Most bytes of a batch.", "16384"), "batch.size"),
            (parser.Value("max-partition-memory-bytes", "Integer: memory in bytes per partition", "The older name of --batch-size.", "16384"), "batch.size"),
            (parser.Value("metadata-expiry-ms", "Long: metadata expiration interval", "Milliseconds after which metadata is fetched anew.", "300000"), "metadata.max.age.ms"),
            (parser.Value("max-block-ms", "Long: max block on send", "Milliseconds that sending may wait.", "60000"), "max.block.ms"),
        ];
    }

    public OptionParser Parser { get; } = new("Sends each line of the standard input as a record.");

    public OptionSpec Topic { get; }

    public OptionSpec Sync { get; }

    public void Check(OptionSet options, TextWriter output)
    {
        options.Require(Topic);
        if (!options.Has(_broker) && !options.Has(_oldBroker))
            options.Require(_broker);
        foreach (var server in Server(options).Split(','))
            if (!server.Contains(':', StringComparison.Ordinal))
                throw new VerbException("Please provide valid host:port like host1:9091,host2:9092");
        Forbid(options, _commandConfig, _producerConfig);
        Forbid(options, _commandProperty, _producerProperty);
        Warn(options, output, _producerConfig, _commandConfig);
        Warn(options, output, _producerProperty, _commandProperty);
        Warn(options, output, _property, _readerProperty);
        if (!options.Required(_reader).EndsWith(".LineMessageReader", StringComparison.Ordinal))
            throw new VerbException($"{options.Required(_reader)} is not there: LineMessageReader is the only line reader");
    }

    public Dictionary<string, string> ReaderProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(_readerConfig));
        Clients.AddKeyValues(properties, options.ValuesOf(_property));
        Clients.AddKeyValues(properties, options.ValuesOf(_readerProperty));
        return properties;
    }

    public Dictionary<string, string> ProducerProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(_commandConfig) ?? options.ValueOf(_producerConfig));
        Clients.AddKeyValues(properties, options.ValuesOf(_producerProperty));
        Clients.AddKeyValues(properties, options.ValuesOf(_commandProperty));
        properties["bootstrap.servers"] = Server(options);
        properties["compression.type"] = !options.Has(_codec) ? "none" : options.ValueOf(_codec) is { Length: > 0 } codec ? codec : "gzip";
        properties.TryAdd("client.id", "console-producer");
        properties["key.serializer"] = properties["value.serializer"] = "org.apache.kafka.common.serialization.ByteArraySerializer";
        foreach (var (option, key) in _settings)
            if (options.Has(option))
                properties[key] = options.Required(option);
            else
                properties.TryAdd(key, option.Default!);
        return properties;
    }

    private string Server(OptionSet options) => options.ValueOf(_broker) ?? options.Required(_oldBroker);

    private static void Forbid(OptionSet options, OptionSpec option, OptionSpec old) => options.Forbid(option, old);

    private static void Warn(OptionSet options, TextWriter output, OptionSpec old, OptionSpec instead)
    {
        if (options.Has(old))
            output.WriteLine($"Warning: --{old.Names[0]} is deprecated and will be removed in a future version. Use --{instead.Names[0]} instead.");
    }
}
