using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsoleConsumer;
using Barnabas.Client.Consumer.Sharing;

namespace Barnabas.Cli.Verbs.ConsoleShareConsumer;

/// <summary>The options of kafka-console-share-consumer.</summary>
internal sealed class ConsoleShareConsumerOptions
{
    private readonly OptionSpec _server;
    private readonly OptionSpec _topic;
    private readonly OptionSpec _group;
    private readonly OptionSpec _reject;
    private readonly OptionSpec _release;
    private readonly OptionSpec _consumerProperty;
    private readonly OptionSpec _commandProperty;
    private readonly OptionSpec _consumerConfig;
    private readonly OptionSpec _commandConfig;
    private readonly OptionSpec _property;
    private readonly OptionSpec _formatterProperty;
    private readonly OptionSpec _formatterConfig;
    private readonly OptionSpec _keyDeserializer;
    private readonly OptionSpec _valueDeserializer;

    public ConsoleShareConsumerOptions()
    {
        var parser = Parser;
        _topic = parser.Value("topic", "String: topic", "The topic to read.");
        _consumerProperty = parser.Value("consumer-property", "String: consumer_prop", "(DEPRECATED) The former name of --command-property.");
        _commandProperty = parser.Value("command-property", "String: consumer_prop", "A configuration of the consumer, as key=value.");
        _consumerConfig = parser.Value("consumer-config", "String: config file", "(DEPRECATED) The former name of --command-config.");
        _commandConfig = parser.Value("command-config", "String: config file", "A file of the consumer's configuration; --command-property comes before it.");
        Formatter = parser.Value("formatter", "String: class", "What prints records: DefaultMessageFormatter, LoggingMessageFormatter or NoOpMessageFormatter.", "org.apache.kafka.tools.consumer.DefaultMessageFormatter");
        _property = parser.Value("property", "String: prop", "(DEPRECATED) The former name of --formatter-property.");
        _formatterProperty = parser.Value("formatter-property", "String: prop", "How records are printed, as key=value: print.timestamp, print.key, print.offset, print.delivery, print.epoch, print.partition, print.headers, print.value, key.separator, line.separator, headers.separator, null.literal, key.deserializer, value.deserializer, headers.deserializer.");
        _formatterConfig = parser.Value("formatter-config", "String: config file", "A file of formatter properties; --formatter-property comes before it.");
        MaxMessages = parser.Value("max-messages", "Integer: num_messages", "Records to read before it ends.");
        TimeoutMs = parser.Value("timeout-ms", "Integer: timeout_ms", "End when no record comes for this many milliseconds.");
        _reject = parser.Flag("reject", "Reject records: they are not delivered again.");
        _release = parser.Flag("release", "Release records: they are delivered again.");
        RejectOnError = parser.Flag("reject-message-on-error", "Reject records that cannot be printed, instead of ending.");
        _server = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.");
        _keyDeserializer = parser.Value("key-deserializer", "String: deserializer for keys", "What reads keys.");
        _valueDeserializer = parser.Value("value-deserializer", "String: deserializer for values", "What reads values.");
        _group = parser.Value("group", "String: share group id", "The share group.");
        SystestEvents = parser.Flag("enable-systest-events", "Tell when the consumer has ended.");
    }

    public OptionParser Parser { get; } = new("This tool helps to read data from Kafka topics using share groups and outputs it to standard output.");

    public OptionSpec Formatter { get; }

    public OptionSpec MaxMessages { get; }

    public OptionSpec TimeoutMs { get; }

    public OptionSpec RejectOnError { get; }

    public OptionSpec SystestEvents { get; }

    public string Topic(OptionSet options) => options.Required(_topic);

    /// <summary>What is said of each record that was printed.</summary>
    public AcknowledgeType AcknowledgeType(OptionSet options) =>
        options.Has(_reject) ? Client.Consumer.Sharing.AcknowledgeType.Reject
        : options.Has(_release) ? Client.Consumer.Sharing.AcknowledgeType.Release
        : Client.Consumer.Sharing.AcknowledgeType.Accept;

    /// <summary>Fails where options are missing or do not go together; warns of those that have new names.</summary>
    public void Check(OptionSet options, TextWriter output)
    {
        if (!options.Has(_topic))
            throw new OptionException($"--{_topic.Names[0]} is a required argument");
        options.Require(_server);
        if (options.Has(_reject) && options.Has(_release))
            throw new OptionException("At most one of --reject and --release may be specified.");
        options.ForbidTogether(_consumerProperty, _commandProperty);
        options.ForbidTogether(_consumerConfig, _commandConfig);
        options.ForbidTogether(_property, _formatterProperty);
        foreach (var (old, instead) in ((OptionSpec, OptionSpec)[])[(_consumerProperty, _commandProperty), (_consumerConfig, _commandConfig), (_property, _formatterProperty)])
            if (options.Has(old))
                output.WriteLine($"Option --{old.Names[0]} is deprecated and will be removed in a future version. Use --{instead.Names[0]} instead.");
    }

    /// <summary>The consumer's configuration.</summary>
    public Dictionary<string, string> ConsumerProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(_commandConfig) ?? options.ValueOf(_consumerConfig));
        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        Clients.AddKeyValues(extra, options.ValuesOf(_consumerProperty));
        Clients.AddKeyValues(extra, options.ValuesOf(_commandProperty));
        var groups = new[] { options.ValueOf(_group), properties.GetValueOrDefault("group.id"), extra.GetValueOrDefault("group.id") }.OfType<string>().Distinct().ToList();
        if (groups.Count > 1)
            throw new OptionException("The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--consumer-config') do not match. "
                + $"Detected group ids: {string.Join(", ", groups.Select(group => $"'{group}'"))}");
        foreach (var (key, value) in extra)
            properties[key] = value;
        properties["bootstrap.servers"] = options.Required(_server);
        properties.TryAdd("client.id", "console-share-consumer");
        properties["group.id"] = groups.Count == 1 ? groups[0] : "console-share-consumer";
        properties["share.acknowledgement.mode"] = "explicit";
        return properties;
    }

    /// <summary>What the formatter is told.</summary>
    public Dictionary<string, string> FormatterProperties(OptionSet options) =>
        new FormatterProperties(_formatterConfig, _keyDeserializer, _valueDeserializer, _property, _formatterProperty).Of(options);
}
