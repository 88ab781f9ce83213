using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>The options of kafka-console-producer.</summary>
internal sealed class ConsoleProducerOptions
{
    private const string LineReaderClass = "org.apache.kafka.tools.LineMessageReader";

    private readonly OptionSpec _bootstrapServer;
    private readonly OptionSpec _brokerList;
    private readonly OptionSpec _topic;
    private readonly OptionSpec _sync;
    private readonly OptionSpec _codec;
    private readonly OptionSpec _batchSize;
    private readonly OptionSpec _retries;
    private readonly OptionSpec _retryBackoff;
    private readonly OptionSpec _timeout;
    private readonly OptionSpec _acks;
    private readonly OptionSpec _requestTimeout;
    private readonly OptionSpec _metadataExpiry;
    private readonly OptionSpec _maxBlock;
    private readonly OptionSpec _maxMemory;
    private readonly OptionSpec _maxPartitionMemory;
    private readonly OptionSpec _socketBuffer;
    private readonly OptionSpec _lineReader;
    private readonly OptionSpec _property;
    private readonly OptionSpec _readerProperty;
    private readonly OptionSpec _readerConfig;
    private readonly OptionSpec _producerProperty;
    private readonly OptionSpec _commandProperty;
    private readonly OptionSpec _producerConfig;
    private readonly OptionSpec _commandConfig;

    public ConsoleProducerOptions()
    {
        const string reading = "A setting of the line reader, as key=value: parse.key, key.separator (a tab), parse.headers, headers.delimiter (a tab), "
            + "headers.separator (,), headers.key.separator (:), ignore.error, null.marker. With headers and key a line is h1:v1,h2:v2<tab>key<tab>value.";
        var parser = Parser;
        _bootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to, as HOST1:PORT1,HOST2:PORT2.");
        _brokerList = parser.Value("broker-list", "String: broker-list", "The former name of --bootstrap-server.");
        _topic = parser.Value("topic", "String: topic", "REQUIRED: The topic to write to.");
        _sync = parser.Flag("sync", "Wait for each record to be stored before the next is read.");
        _codec = parser.OptionalValue("compression-codec", "String: compression-codec", "How batches are compressed: none, gzip, snappy, lz4 or zstd; gzip where no codec is named.");
        _batchSize = parser.Value("batch-size", "Integer: size", "Size in bytes of a batch of one partition (batch.size).", "16384");
        _retries = parser.Value("message-send-max-retries", "Integer", "How often a batch is sent again (retries).", "3");
        _retryBackoff = parser.Value("retry-backoff-ms", "Long", "How long to wait before sending again (retry.backoff.ms).", "100");
        _timeout = parser.Value("timeout", "Long: timeout_ms", "How long a batch waits for more records (linger.ms).", "1000");
        _acks = parser.Value("request-required-acks", "String: request required acks", "Who has to have stored a record: 0, 1 or all (acks).", "-1");
        _requestTimeout = parser.Value("request-timeout-ms", "Integer: request timeout ms", "How long a response may take (request.timeout.ms).", "1500");
        _metadataExpiry = parser.Value("metadata-expiry-ms", "Long: metadata expiration interval", "When metadata is renewed (metadata.max.age.ms).", "300000");
        _maxBlock = parser.Value("max-block-ms", "Long: max block on send", "How long to wait for metadata or memory (max.block.ms).", "60000");
        _maxMemory = parser.Value("max-memory-bytes", "Long: total memory in bytes", "Memory for records that wait to be sent (buffer.memory).", "33554432");
        _maxPartitionMemory = parser.Value("max-partition-memory-bytes", "Integer: memory in bytes per partition", "(Deprecated) The former name of --batch-size.", "16384");
        _socketBuffer = parser.Value("socket-buffer-size", "Integer: size", "Size of the socket's buffer (send.buffer.bytes).", "102400");
        _lineReader = parser.Value("line-reader", "String: reader_class", "What makes records of lines; Barnabas has the one of Kafka.", LineReaderClass);
        _property = parser.Value("property", "String: prop", "(DEPRECATED) The former name of --reader-property.");
        _readerProperty = parser.Value("reader-property", "String: prop", reading);
        _readerConfig = parser.Value("reader-config", "String: config file", "A file of settings of the line reader; --reader-property goes before it.");
        _producerProperty = parser.Value("producer-property", "String: producer_prop", "(DEPRECATED) The former name of --command-property.");
        _commandProperty = parser.Value("command-property", "String: producer_prop", "A configuration of the producer, as key=value.");
        _producerConfig = parser.Value("producer.config", "String: config file", "(DEPRECATED) The former name of --command-config.");
        _commandConfig = parser.Value("command-config", "String: config file", "A file of configurations of the producer; --command-property goes before it.");
    }

    public OptionParser Parser { get; } = new("Reads lines from the standard input and writes them to a topic.");

    public string Topic(OptionSet options) => options.Required(_topic);

    public bool IsSync(OptionSet options) => options.Has(_sync);

    /// <summary>Fails where options are missing or do not go together; warns of those that have new names.</summary>
    public void Check(OptionSet options, TextWriter output)
    {
        options.Require(_topic);
        options.ForbidTogether(_commandConfig, _producerConfig);
        options.ForbidTogether(_commandProperty, _producerProperty);
        options.ForbidTogether(_readerProperty, _property);
        Warn(options, output, _producerProperty, _commandProperty, "a future version");
        Warn(options, output, _producerConfig, _commandConfig, "a future version");
        Warn(options, output, _property, _readerProperty, "a future version");
        Warn(options, output, _maxPartitionMemory, _batchSize, "Apache Kafka 5.0");
        ToolOptions.CheckBootstrapServers(BootstrapServers(options));
        if (options.Required(_lineReader) is not (LineReaderClass or "LineMessageReader" or "kafka.tools.ConsoleProducer$LineMessageReader"))
            throw new VerbException($"{options.Required(_lineReader)}: Barnabas has the line reader {LineReaderClass} only");
    }

    public Dictionary<string, string> ReaderProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(_readerConfig));
        Clients.AddKeyValues(properties, options.ValuesOf(options.Has(_property) ? _property : _readerProperty));
        return properties;
    }

    public Dictionary<string, string> ProducerProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(options.Has(_producerConfig) ? _producerConfig : _commandConfig));
        Clients.AddKeyValues(properties, options.ValuesOf(options.Has(_producerProperty) ? _producerProperty : _commandProperty));
        properties["bootstrap.servers"] = BootstrapServers(options)!;
        properties["compression.type"] = !options.Has(_codec) ? "none" : options.ValueOf(_codec) is { Length: > 0 } codec ? codec : "gzip";
        properties.TryAdd("client.id", "console-producer");
        options.Merge(properties, "linger.ms", _timeout);
        options.Merge(properties, "acks", _acks, isNumber: false);
        options.Merge(properties, "request.timeout.ms", _requestTimeout);
        options.Merge(properties, "retries", _retries);
        options.Merge(properties, "retry.backoff.ms", _retryBackoff);
        // Kafka's default bounds what the system would size as needed.
        if (options.Has(_socketBuffer))
            options.Merge(properties, "send.buffer.bytes", _socketBuffer);
        options.Merge(properties, "buffer.memory", _maxMemory);
        options.Merge(properties, "batch.size", _batchSize);
        options.Merge(properties, "batch.size", _maxPartitionMemory);
        options.Merge(properties, "metadata.max.age.ms", _metadataExpiry);
        options.Merge(properties, "max.block.ms", _maxBlock);
        return properties;
    }

    private string? BootstrapServers(OptionSet options) => options.ValueOf(options.Has(_bootstrapServer) ? _bootstrapServer : _brokerList);

    private static void Warn(OptionSet options, TextWriter output, OptionSpec former, OptionSpec present, string when)
    {
        if (options.Has(former))
            output.WriteLine($"Warning: --{former.Names[0]} is deprecated and will be removed in {when}. Use --{present.Names[0]} instead.");
    }
}
