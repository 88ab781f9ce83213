using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.ConsoleConsumer;

/// <summary>The options of kafka-console-consumer.</summary>
internal sealed class ConsoleConsumerOptions
{
    /// <summary>Stands for the first record in <see cref="Offset"/>.</summary>
    public const long Earliest = -2;

    /// <summary>Stands for the end in <see cref="Offset"/>.</summary>
    public const long Latest = -1;

    private readonly OptionSpec _server;
    private readonly OptionSpec _offset;
    private readonly OptionSpec _fromBeginning;
    private readonly OptionSpec _group;
    private readonly OptionSpec _isolation;
    private readonly OptionSpec _consumerProperty;
    private readonly OptionSpec _commandProperty;
    private readonly OptionSpec _consumerConfig;
    private readonly OptionSpec _commandConfig;
    private readonly OptionSpec _property;
    private readonly OptionSpec _formatterProperty;
    private readonly OptionSpec _formatterConfig;
    private readonly OptionSpec _keyDeserializer;
    private readonly OptionSpec _valueDeserializer;

    public ConsoleConsumerOptions()
    {
        var parser = Parser;
        Topic = parser.Value("topic", "String: topic", "The topic to read.");
        Include = parser.Value("include", "String: Java regex (String)", "A regular expression of the topics to read.");
        Partition = parser.Value("partition", "Integer: partition", "The partition to read; from its end unless --offset says otherwise.");
        _offset = parser.Value("offset", "String: consume offset", "The offset to begin at: a number, earliest or latest.", "latest");
        _consumerProperty = parser.Value("consumer-property", "String: consumer_prop", "The older name of --command-property.");
        _commandProperty = parser.Value("command-property", "String: consumer_prop", "A configuration of the consumer, as key=value.");
        _consumerConfig = parser.Value("consumer.config", "String: config file", "The older name of --command-config.");
        _commandConfig = parser.Value("command-config", "String: config file", "A file of the consumer's configuration; --command-property comes before it.");
        Formatter = parser.Value("formatter", "String: class", "What prints records: DefaultMessageFormatter, LoggingMessageFormatter, NoOpMessageFormatter, OffsetsMessageFormatter, GroupMetadataMessageFormatter or TransactionLogMessageFormatter.", "org.apache.kafka.tools.consumer.DefaultMessageFormatter");
        _property = parser.Value("property", "String: prop", "The older name of --formatter-property.");
        _formatterProperty = parser.Value("formatter-property", "String: prop", "How records are printed, as key=value: print.timestamp, print.key, print.offset, print.epoch, print.partition, print.headers, print.value, key.separator, line.separator, headers.separator, null.literal, key.deserializer, value.deserializer, headers.deserializer.");
        _formatterConfig = parser.Value("formatter-config", "String: config file", "A file of formatter properties; --formatter-property comes before it.");
        _fromBeginning = parser.Flag("from-beginning", "Begin at the first record where the group has no offset yet.");
        MaxMessages = parser.Value("max-messages", "Integer: num_messages", "Records to read before it ends.");
        TimeoutMs = parser.Value("timeout-ms", "Long: timeout_ms", "End when no record comes for this many milliseconds.");
        SkipOnError = parser.Flag("skip-message-on-error", "Skip records that cannot be printed.");
        _server = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.");
        _keyDeserializer = parser.Value("key-deserializer", "String: deserializer for keys", "What reads keys.");
        _valueDeserializer = parser.Value("value-deserializer", "String: deserializer for values", "What reads values.");
        SystestEvents = parser.Flag("enable-systest-events", "Tell when the consumer has ended.");
        _isolation = parser.Value("isolation-level", "String", "read_committed leaves out records of transactions that are not committed.", "read_uncommitted");
        _group = parser.Value("group", "String: consumer group id", "The consumer group.");
    }

    public OptionParser Parser { get; } = new("Prints the records of topics.");

    public OptionSpec Topic { get; }

    public OptionSpec Include { get; }

    public OptionSpec Partition { get; }

    public OptionSpec Formatter { get; }

    public OptionSpec MaxMessages { get; }

    public OptionSpec TimeoutMs { get; }

    public OptionSpec SkipOnError { get; }

    public OptionSpec SystestEvents { get; }

    /// <summary>Fails where options are missing or do not go together.</summary>
    public void Check(OptionSet options, TextWriter output)
    {
        if (((OptionSpec[])[Topic, Include]).Count(options.Has) != 1)
            throw new VerbException($"Exactly one of the following arguments is required: {Topic}, {Include}");
        if (options.Has(Partition))
        {
            if (!options.Has(Topic))
                throw new VerbException("The topic is required when partition is specified.");
            if (options.Has(_fromBeginning) && options.Has(_offset))
                throw new VerbException("Options from-beginning and offset cannot be specified together.");
        }
        else if (options.Has(_offset))
            throw new VerbException("The partition is required when offset is specified.");

        options.Require(_server);
        options.ForbidTogether(_consumerProperty, _commandProperty);
        options.ForbidTogether(_consumerConfig, _commandConfig);
        options.ForbidTogether(_property, _formatterProperty);
        foreach (var (old, instead) in ((OptionSpec, OptionSpec)[])[(_consumerConfig, _commandConfig), (_consumerProperty, _commandProperty), (_property, _formatterProperty)])
            if (options.Has(old))
                output.WriteLine($"Option --{old.Names[0]} is deprecated and will be removed in a future version. Use --{instead.Names[0]} instead.");
        _ = Offset(options);
    }

    /// <summary>Where to begin in the partition.</summary>
    public long Offset(OptionSet options)
    {
        if (!options.Has(_offset))
            return options.Has(_fromBeginning) ? Earliest : Latest;
        var text = options.Required(_offset);
        return text.ToLowerInvariant() switch
        {
            "earliest" => Earliest,
            "latest" => Latest,
            _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? offset
                : throw new VerbException($"The provided offset value '{text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long."),
        };
    }

    /// <summary>The consumer's configuration.</summary>
    public Dictionary<string, string> ConsumerProperties(OptionSet options)
    {
        var fromFile = Clients.LoadProperties(options.ValueOf(_commandConfig) ?? options.ValueOf(_consumerConfig));
        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        Clients.AddKeyValues(extra, options.ValuesOf(_consumerProperty));
        Clients.AddKeyValues(extra, options.ValuesOf(_commandProperty));
        var groups = new[] { options.ValueOf(_group), fromFile.GetValueOrDefault("group.id"), extra.GetValueOrDefault("group.id") }.OfType<string>().Distinct().ToList();
        if (groups.Count > 1)
            throw new VerbException("The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--consumer.config') do not match. "
                + $"Detected group ids: {string.Join(", ", groups.Select(group => $"'{group}'"))}");
        if (groups.Count == 1 && options.Has(Partition))
            throw new VerbException("Options group and partition cannot be specified together.");
        var properties = new Dictionary<string, string>(fromFile, StringComparer.Ordinal);
        foreach (var (key, value) in extra)
            properties[key] = value;
        SetOffsetReset(options, properties);
        properties["bootstrap.servers"] = options.Required(_server);
        properties.TryAdd("client.id", "console-consumer");
        options.Merge(properties, "isolation.level", _isolation, isNumber: false);
        properties["group.id"] = groups.Count == 1 ? groups[0] : $"console-consumer-{Random.Shared.Next(100000)}";
        if (groups.Count == 0)
            properties.TryAdd("enable.auto.commit", "false");
        return properties;
    }

    /// <summary>What the formatter is told.</summary>
    public Dictionary<string, string> FormatterProperties(OptionSet options) =>
        new FormatterProperties(_formatterConfig, _keyDeserializer, _valueDeserializer, _property, _formatterProperty).Of(options);

    private void SetOffsetReset(OptionSet options, Dictionary<string, string> properties)
    {
        if (!properties.TryGetValue("auto.offset.reset", out var reset))
            properties["auto.offset.reset"] = options.Has(_fromBeginning) ? "earliest" : "latest";
        else if (options.Has(_fromBeginning) && reset != "earliest")
            throw new VerbException($"Can't simultaneously specify --from-beginning and 'auto.offset.reset={reset}', please remove one option");
    }
}
