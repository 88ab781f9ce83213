using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Client.Producer;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>The arguments of kafka-producer-perf-test.</summary>
internal sealed class ProducerPerformanceOptions
{
    private const string Program = "kafka-producer-perf-test";
    private static readonly TimeSpan DefaultTransactionDuration = TimeSpan.FromSeconds(3);

    private readonly ArgumentParser _parser = new(Program, "Measures how fast records are written to a topic.");
    private readonly Argument _bootstrapServer;
    private readonly Argument _topic;
    private readonly Argument _records;
    private readonly Argument _delimiter;
    private readonly Argument _throughput;
    private readonly Argument _producerProps;
    private readonly Argument _commandProperty;
    private readonly Argument _producerConfig;
    private readonly Argument _commandConfig;
    private readonly Argument _printMetrics;
    private readonly Argument _transactionalId;
    private readonly Argument _transactionDuration;
    private readonly Argument _warmup;
    private readonly Argument _interval;
    private readonly Argument _recordSize;
    private readonly Argument _payloadFile;
    private readonly Argument _payloadMonotonic;
    private ArgumentSet _given = new();

    public ProducerPerformanceOptions()
    {
        _bootstrapServer = _parser.Value("--bootstrap-server", "The servers to connect to; goes before bootstrap.servers of properties and files.", metavar: "BOOTSTRAP-SERVER");
        _topic = _parser.Value("--topic", "The topic to write to.", required: true);
        _records = _parser.Value("--num-records", "How many records to write.", required: true, type: ArgumentType.Long, metavar: "NUM-RECORDS");
        _delimiter = _parser.Value("--payload-delimiter", "What stands between the payloads of --payload-file.", defaultValue: "\\n", metavar: "PAYLOAD-DELIMITER");
        _throughput = _parser.Value("--throughput", "About how many records a second to write; -1 for as many as possible.", required: true, type: ArgumentType.Double);
        _producerProps = _parser.Many("--producer-props", "(DEPRECATED) The former name of --command-property.", metavar: "PROP-NAME=PROP-VALUE");
        _commandProperty = _parser.Many("--command-property", "Configurations of the producer as NAME=VALUE, like linger.ms=10 batch.size=32768.", metavar: "PROP-NAME=PROP-VALUE");
        _producerConfig = _parser.Value("--producer.config", "(DEPRECATED) The former name of --command-config.", metavar: "CONFIG-FILE");
        _commandConfig = _parser.Value("--command-config", "A file of configurations of the producer.", metavar: "CONFIG-FILE");
        _printMetrics = _parser.Flag("--print-metrics", "Print metrics at the end.");
        _transactionalId = _parser.Value("--transactional-id", "The id of transactions; transactions are used where it, or a duration, is given.", metavar: "TRANSACTIONAL-ID");
        _transactionDuration = _parser.Value("--transaction-duration-ms", "After how many milliseconds a transaction is committed and the next begins; 3000 by default.", type: ArgumentType.Long, metavar: "TRANSACTION-DURATION");
        _warmup = _parser.Value("--warmup-records", "How many records at the start do not count in the line about the steady state.", defaultValue: "0", type: ArgumentType.Long, metavar: "WARMUP-RECORDS");
        _interval = _parser.Value("--reporting-interval", "How often progress is printed, in milliseconds.", defaultValue: "5000", type: ArgumentType.Long, metavar: "INTERVAL-MS");
        _recordSize = _parser.Value("--record-size", "Size of a record in bytes.", type: ArgumentType.Integer, metavar: "RECORD-SIZE");
        _payloadFile = _parser.Value("--payload-file", "A file of payloads in UTF-8, of which one is chosen for each record.", metavar: "PAYLOAD-FILE");
        _payloadMonotonic = _parser.Flag("--payload-monotonic", "The payload is the record's number.");
        _parser.OneOf(required: true, _recordSize, _payloadFile, _payloadMonotonic);
    }

    public string Topic => _given.Required(_topic);

    public long Records => _given.LongOf(_records);

    public long WarmupRecords => _given.LongOf(_warmup);

    public TimeSpan ReportingInterval => TimeSpan.FromMilliseconds(_given.LongOf(_interval));

    public bool PrintsMetrics => _given.Has(_printMetrics);

    public double Throughput => _given.DoubleOf(_throughput);

    /// <summary>Parses and checks; warns of arguments that have new names.</summary>
    /// <exception cref="VerbException">They do not parse or do not go together.</exception>
    public void Parse(IReadOnlyList<string> arguments, TextWriter output)
    {
        _given = _parser.ParseOrHelp(arguments);
        if (Records <= 0)
            throw _parser.Error("--num-records should be greater than zero.");
        if (WarmupRecords >= Records)
            throw _parser.Error("The value for --warmup-records must be strictly fewer than the number of records in the test, --num-records.");
        if (_given.Has(_recordSize) && _given.IntOf(_recordSize) <= 0)
            throw _parser.Error("--record-size should be greater than zero.");
        if (!_given.Has(_bootstrapServer) && !_given.Has(_commandProperty) && !_given.Has(_producerProps) && !_given.Has(_producerConfig) && !_given.Has(_commandConfig))
            throw _parser.Error("At least one of --bootstrap-server, --command-property, --producer-props, --producer.config or --command-config must be specified.");
        if (_given.Has(_commandProperty) && _given.Has(_producerProps))
            throw _parser.Error("--command-property and --producer-props cannot be specified together.");
        if (_given.Has(_commandConfig) && _given.Has(_producerConfig))
            throw _parser.Error("--command-config and --producer.config cannot be specified together.");
        if (_given.Has(_transactionDuration) && _given.LongOf(_transactionDuration) <= 0)
            throw _parser.Error("--transaction-duration-ms should be greater than zero.");
        if (_given.LongOf(_interval) <= 0)
            throw _parser.Error("--reporting-interval should be greater than zero.");
        Warn(output, _producerProps, _commandProperty);
        Warn(output, _producerConfig, _commandConfig);
    }

    /// <summary>How long transactions last where they are used; null without them.</summary>
    public TimeSpan? TransactionDuration(ProducerOptions options) => options.TransactionalId is null ? null
        : _given.Has(_transactionDuration) ? TimeSpan.FromMilliseconds(_given.LongOf(_transactionDuration)) : DefaultTransactionDuration;

    public Payloads NewPayloads(TextWriter output)
    {
        if (_given.Has(_recordSize))
            return Payloads.Random(_given.IntOf(_recordSize));
        if (_given.Has(_payloadMonotonic))
            return Payloads.Numbers();
        var delimiter = _given.Required(_delimiter);
        return Payloads.FromFile(_given.Required(_payloadFile), delimiter == "\\n" ? "\n" : delimiter, output);
    }

    public Dictionary<string, string> ProducerProperties(Random random)
    {
        var properties = Clients.LoadProperties(_given.ValueOf(_given.Has(_producerConfig) ? _producerConfig : _commandConfig));
        foreach (var word in _given.ValuesOf(_given.Has(_producerProps) ? _producerProps : _commandProperty))
        {
            var pieces = word.Split('=');
            if (pieces.Length != 2)
                throw new VerbException($"Invalid property: {word}");
            properties[pieces[0]] = pieces[1];
        }

        if (_given.ValueOf(_bootstrapServer) is { } servers)
            properties["bootstrap.servers"] = servers;
        if (_given.ValueOf(_transactionalId) is { } transactionalId)
            properties["transactional.id"] = transactionalId;
        else if (_given.Has(_transactionDuration))
            properties.TryAdd("transactional.id", $"performance-producer-{Uuid.Random(random)}");
        properties.TryAdd("client.id", "perf-producer-client");
        // The serializers are what this tool needs, whatever a file says.
        properties.Remove("key.serializer");
        properties.Remove("value.serializer");
        return properties;
    }

    private void Warn(TextWriter output, Argument former, Argument present)
    {
        if (_given.Has(former))
            output.WriteLine($"Option {former} has been deprecated and will be removed in a future version. Use {present} instead.");
    }
}
