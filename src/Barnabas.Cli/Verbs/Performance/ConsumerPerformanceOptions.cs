using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>The options of kafka-consumer-perf-test.</summary>
internal sealed class ConsumerPerformanceOptions
{
    private readonly OptionSpec _bootstrapServer;
    private readonly OptionSpec _topic;
    private readonly OptionSpec _include;
    private readonly OptionSpec _group;
    private readonly OptionSpec _fetchSize;
    private readonly OptionSpec _commandProperty;
    private readonly OptionSpec _fromLatest;
    private readonly OptionSpec _socketBuffer;
    private readonly OptionSpec _consumerConfig;
    private readonly OptionSpec _commandConfig;
    private readonly OptionSpec _printMetrics;
    private readonly OptionSpec _detailed;
    private readonly OptionSpec _timeout;
    private readonly OptionSpec _messages;
    private readonly OptionSpec _records;
    private readonly OptionSpec _interval;
    private readonly OptionSpec _dateFormat;
    private readonly OptionSpec _hideHeader;

    public ConsumerPerformanceOptions()
    {
        var parser = Parser;
        _bootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.");
        _topic = parser.Value("topic", "String: topic", "The topic to read.");
        _include = parser.Value("include", "String: Java regex (String)", "A regular expression of the topics to read.");
        _group = parser.Value("group", "String: gid", "The consumer group.", $"perf-consumer-{Random.Shared.Next(100_000)}");
        _fetchSize = parser.Value("fetch-size", "Integer: size", "How much one request fetches of one partition.", "1048576");
        _commandProperty = parser.Value("command-property", "String: prop1=val1", "A configuration of the consumer, as key=value.");
        _fromLatest = parser.Flag("from-latest", "Begin after the last record where the group has no offset yet.");
        _socketBuffer = parser.Value("socket-buffer-size", "Integer: size", "Size of the socket's buffer.", "2097152");
        _consumerConfig = parser.Value("consumer.config", "String: config file", "(DEPRECATED) The former name of --command-config.");
        _commandConfig = parser.Value("command-config", "String: config file", "A file of configurations of the consumer.");
        _printMetrics = parser.Flag("print-metrics", "Print metrics at the end.");
        _detailed = parser.Flag("show-detailed-stats", "Print a line for each reporting interval.");
        _timeout = parser.OptionalValue("timeout", "Long: milliseconds", "How long no record may come before it ends.", "10000");
        _messages = parser.Value("messages", "Long: count", "(DEPRECATED) The former name of --num-records.");
        _records = parser.Value("num-records", "Long: count", "REQUIRED: How many records to read.");
        _interval = parser.Value("reporting-interval", "Long: interval_ms", "Milliseconds between lines of progress.", "5000");
        _dateFormat = parser.Value("date-format", "String: date format", "How times look, as for java.text.SimpleDateFormat.", "yyyy-MM-dd HH:mm:ss:SSS");
        _hideHeader = parser.Flag("hide-header", "Print no header.");
    }

    public OptionParser Parser { get; } = new("Measures how fast records are read.");

    public bool PrintsMetrics(OptionSet options) => options.Has(_printMetrics);

    public bool IsDetailed(OptionSet options) => options.Has(_detailed);

    public bool HidesHeader(OptionSet options) => options.Has(_hideHeader);

    public string DateFormat(OptionSet options) => options.Required(_dateFormat);

    public long Records(OptionSet options) => options.LongOf(options.Has(_records) ? _records : _messages);

    public TimeSpan Timeout(OptionSet options) => TimeSpan.FromMilliseconds(options.LongOf(_timeout));

    public TimeSpan Interval(OptionSet options) => options.LongOf(_interval) is > 0 and var ms
        ? TimeSpan.FromMilliseconds(ms)
        : throw new VerbException("Reporting interval must be greater than 0.");

    public string? Topic(OptionSet options) => options.ValueOf(_topic);

    /// <exception cref="VerbException">The text is no regular expression.</exception>
    public Regex Pattern(OptionSet options)
    {
        try
        {
            return new Regex($"^(?:{options.Required(_include)})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException error)
        {
            throw new VerbException($"{options.Required(_include)} is no regular expression: {error.Message}");
        }
    }

    /// <summary>Fails where options are missing or do not go together; warns of those that have new names.</summary>
    public void Check(OptionSet options, TextWriter output)
    {
        options.Require(_bootstrapServer);
        RequireOne(options, _messages, _records);
        RequireOne(options, _topic, _include);
        options.Forbid(_consumerConfig, _commandConfig);
        if (options.Has(_messages))
            output.WriteLine("Warning: --messages is deprecated. Use --num-records instead.");
        if (options.Has(_consumerConfig))
            output.WriteLine("Warning: --consumer.config is deprecated. Use --command-config instead.");
        _ = (Records(options), Timeout(options), Interval(options));
    }

    public Dictionary<string, string> ConsumerProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(options.Has(_consumerConfig) ? _consumerConfig : _commandConfig));
        Clients.AddKeyValues(properties, options.ValuesOf(_commandProperty));
        properties["bootstrap.servers"] = options.Required(_bootstrapServer);
        properties["group.id"] = options.Required(_group);
        // Kafka's default bounds what the system would size as needed.
        if (options.Has(_socketBuffer))
            properties["receive.buffer.bytes"] = options.Required(_socketBuffer);
        properties["max.partition.fetch.bytes"] = options.Required(_fetchSize);
        properties["auto.offset.reset"] = options.Has(_fromLatest) ? "latest" : "earliest";
        properties["check.crcs"] = "false";
        properties.TryAdd("client.id", "perf-consumer-client");
        return properties;
    }

    private static void RequireOne(OptionSet options, OptionSpec first, OptionSpec second)
    {
        if (options.Has(first) == options.Has(second))
            throw new OptionException($"Exactly one of the following arguments is required: {first}, {second}");
    }
}
