using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>The arguments of kafka-verifiable-producer.</summary>
internal sealed class VerifiableProducerOptions
{
    private const string Program = "verifiable-producer";

    private readonly ArgumentParser _parser = new(Program, "Writes increasing numbers to a topic and prints as JSON which of them were acknowledged.");
    private readonly Argument _topic;
    private readonly Argument _bootstrapServer;
    private readonly Argument _maxMessages;
    private readonly Argument _throughput;
    private readonly Argument _acks;
    private readonly Argument _producerConfig;
    private readonly Argument _createTime;
    private readonly Argument _valuePrefix;
    private readonly Argument _repeatingKeys;
    private readonly Argument _commandConfig;
    private ArgumentSet _given = new();

    public VerifiableProducerOptions()
    {
        _topic = _parser.Value("--topic", "The topic to write to.", required: true);
        _maxMessages = _parser.Value("--max-messages", "How many records to write; -1 for no end.", defaultValue: "-1", type: ArgumentType.Integer, metavar: "MAX-MESSAGES");
        _throughput = _parser.Value("--throughput", "About how many records a second to write; -1 for as many as possible.", defaultValue: "-1", type: ArgumentType.Integer);
        _acks = _parser.Value("--acks", "Who has to have stored a record: 0, 1 or -1 for all.", defaultValue: "-1");
        _producerConfig = _parser.Value("--producer.config", "(DEPRECATED) The former name of --command-config.", metavar: "CONFIG-FILE");
        _createTime = _parser.Value("--message-create-time", "The time of the first record, in milliseconds since 1970.", defaultValue: "-1", type: ArgumentType.Long, metavar: "CREATE-TIME");
        _valuePrefix = _parser.Value("--value-prefix", "A number that stands before each value, with a dot.", type: ArgumentType.Integer, metavar: "VALUE-PREFIX");
        _repeatingKeys = _parser.Value("--repeating-keys", "Keys count from 0 up to this number, exclusive, again and again.", type: ArgumentType.Integer, metavar: "REPEATING-KEYS");
        _commandConfig = _parser.Value("--command-config", "A file of configurations of the producer.", metavar: "CONFIG-FILE");
        _bootstrapServer = _parser.Value("--bootstrap-server", "REQUIRED: The servers to connect to, as HOST1:PORT1,HOST2:PORT2.", required: true, metavar: "HOST1:PORT1[,HOST2:PORT2[...]]");
    }

    public string Topic => _given.Required(_topic);

    public int MaxMessages => _given.IntOf(_maxMessages);

    public int Throughput => _given.IntOf(_throughput);

    public long? CreateTimeMs => _given.LongOf(_createTime) is var time and not -1 ? time : null;

    public int? ValuePrefix => _given.Has(_valuePrefix) ? _given.IntOf(_valuePrefix) : null;

    public int? RepeatingKeys => _given.Has(_repeatingKeys) ? _given.IntOf(_repeatingKeys) : null;

    /// <exception cref="VerbException">The arguments do not parse or do not go together.</exception>
    public void Parse(IReadOnlyList<string> arguments, TextWriter output)
    {
        _given = _parser.ParseOrHelp(arguments);
        if (_given.Required(_acks) is not ("0" or "1" or "-1"))
            throw _parser.Error($"argument {_acks}: invalid choice: '{_given.ValueOf(_acks)}' (choose from {{0,1,-1}})");
        if (_given.Has(_producerConfig) && _given.Has(_commandConfig))
            throw _parser.Error($"Options {_producerConfig} and {_commandConfig} are mutually exclusive.");
        if (_given.Has(_producerConfig))
            output.WriteLine($"Option {_producerConfig} has been deprecated and will be removed in a future version. Use {_commandConfig} instead.");
    }

    public Dictionary<string, string> ProducerProperties()
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = _given.Required(_bootstrapServer),
            ["acks"] = _given.Required(_acks),
            ["retries"] = "0",
        };
        foreach (var (key, value) in Clients.LoadProperties(_given.ValueOf(_given.Has(_producerConfig) ? _producerConfig : _commandConfig)))
            properties[key] = value;
        properties.Remove("key.serializer");
        properties.Remove("value.serializer");
        return properties;
    }
}
