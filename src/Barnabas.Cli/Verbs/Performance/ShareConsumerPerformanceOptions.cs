using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>The options of kafka-share-consumer-perf-test.</summary>
internal sealed class ShareConsumerPerformanceOptions
{
    private readonly OptionSpec _bootstrapServer;
    private readonly OptionSpec _topic;
    private readonly OptionSpec _group;
    private readonly OptionSpec _fetchSize;
    private readonly OptionSpec _commandProperty;
    private readonly OptionSpec _socketBuffer;
    private readonly OptionSpec _consumerConfig;
    private readonly OptionSpec _commandConfig;
    private readonly OptionSpec _printMetrics;
    private readonly OptionSpec _consumerStats;
    private readonly OptionSpec _detailed;
    private readonly OptionSpec _threads;
    private readonly OptionSpec _timeout;
    private readonly OptionSpec _messages;
    private readonly OptionSpec _records;
    private readonly OptionSpec _interval;
    private readonly OptionSpec _dateFormat;
    private readonly OptionSpec _hideHeader;

    public ShareConsumerPerformanceOptions()
    {
        var parser = Parser;
        _bootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED. The servers to connect to.");
        _topic = parser.Value("topic", "String: topic", "REQUIRED: The topic to read.");
        _group = parser.Value("group", "String: gid", "The share group.", "perf-share-consumer");
        _fetchSize = parser.Value("fetch-size", "Integer: size", "How much one request fetches.", "1048576");
        _commandProperty = parser.Value("command-property", "String: prop1=val1", "A configuration of the consumers, as key=value; goes before those of files.");
        _socketBuffer = parser.Value("socket-buffer-size", "Integer: size", "Size of the socket's buffer.", "2097152");
        _consumerConfig = parser.Value("consumer.config", "String: config file", "(DEPRECATED) The former name of --command-config.");
        _commandConfig = parser.Value("command-config", "String: config file", "A file of configurations of the consumers.");
        _printMetrics = parser.Flag("print-metrics", "Print metrics at the end.");
        _consumerStats = parser.Flag("show-consumer-stats", "Print a line for each consumer at the end.");
        _detailed = parser.Flag("show-detailed-stats", "Print a line for each reporting interval.");
        _threads = parser.Value("threads", "Integer: count", "How many consumers share the load.", "1");
        _timeout = parser.OptionalValue("timeout", "Long: milliseconds", "How long no record may come before it ends.", "10000");
        _messages = parser.Value("messages", "Long: count", "(DEPRECATED) The former name of --num-records.");
        _records = parser.Value("num-records", "Long: count", "REQUIRED: How many records to read.");
        _interval = parser.Value("reporting-interval", "Long: interval_ms", "Milliseconds between lines of progress.", "5000");
        _dateFormat = parser.Value("date-format", "String: date format", "How times look, as for java.text.SimpleDateFormat.", "yyyy-MM-dd HH:mm:ss:SSS");
        _hideHeader = parser.Flag("hide-header", "Print no header.");
    }

    public OptionParser Parser { get; } = new("This tool is used to verify the share consumer performance.");

    public bool PrintsMetrics(OptionSet options) => options.Has(_printMetrics);

    public bool PrintsConsumers(OptionSet options) => options.Has(_consumerStats);

    public bool IsDetailed(OptionSet options) => options.Has(_detailed);

    public bool HidesHeader(OptionSet options) => options.Has(_hideHeader);

    public string DateFormat(OptionSet options) => options.Required(_dateFormat);

    public string Topic(OptionSet options) => options.Required(_topic);

    public long Records(OptionSet options) => options.LongOf(options.Has(_records) ? _records : _messages);

    public int Threads(OptionSet options) => options.IntOf(_threads);

    public TimeSpan Timeout(OptionSet options) => TimeSpan.FromMilliseconds(options.LongOf(_timeout));

    public TimeSpan Interval(OptionSet options) => options.LongOf(_interval) is > 0 and var ms
        ? TimeSpan.FromMilliseconds(ms)
        : throw new VerbException("Reporting interval must be greater than 0.");

    /// <summary>Fails where options are missing or do not go together; warns of those that have new names.</summary>
    public void Check(OptionSet options, TextWriter output)
    {
        options.Require(_topic, _bootstrapServer);
        if (options.Has(_messages) == options.Has(_records))
            throw new OptionException($"Exactly one of the following arguments is required: {_messages}, {_records}");
        options.Forbid(_consumerConfig, _commandConfig);
        if (options.Has(_messages))
            output.WriteLine("Warning: --messages is deprecated. Use --num-records instead.");
        if (options.Has(_consumerConfig))
            output.WriteLine("Warning: --consumer.config is deprecated. Use --command-config instead.");
        _ = (Records(options), Timeout(options), Interval(options), Threads(options));
    }

    /// <summary>The configuration of each consumer; several get a number behind their client id.</summary>
    public IReadOnlyList<Dictionary<string, string>> ConsumerProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(options.Has(_consumerConfig) ? _consumerConfig : _commandConfig));
        Clients.AddKeyValues(properties, options.ValuesOf(_commandProperty));
        properties["bootstrap.servers"] = options.Required(_bootstrapServer);
        properties["group.id"] = options.Required(_group);
        // Kafka's default bounds what the system would size as needed.
        if (options.Has(_socketBuffer))
            properties["receive.buffer.bytes"] = options.Required(_socketBuffer);
        properties["fetch.max.bytes"] = options.Required(_fetchSize);
        properties["check.crcs"] = "false";
        properties.TryAdd("client.id", "perf-share-consumer-client");
        var count = Threads(options);
        return count == 1 ? [properties] : [.. Enumerable.Range(1, Math.Max(0, count)).Select(number => new Dictionary<string, string>(properties, StringComparer.Ordinal) { ["client.id"] = $"{properties["client.id"]}-{number}" })];
    }
}
