using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>The arguments of kafka-verifiable-consumer.</summary>
internal sealed class VerifiableConsumerOptions
{
    private const string Program = "verifiable-consumer";

    private readonly ArgumentParser _parser = new(Program, "Reads a topic and prints as JSON what happens: assignments, records and commits.");
    private readonly Argument _bootstrapServer;
    private readonly Argument _topic;
    private readonly Argument _groupProtocol;
    private readonly Argument _groupRemoteAssignor;
    private readonly Argument _groupId;
    private readonly Argument _groupInstanceId;
    private readonly Argument _maxMessages;
    private readonly Argument _sessionTimeout;
    private readonly Argument _verbose;
    private readonly Argument _autoCommit;
    private readonly Argument _resetPolicy;
    private readonly Argument _assignmentStrategy;
    private readonly Argument _consumerConfig;
    private readonly Argument _commandConfig;
    private ArgumentSet _given = new();

    public VerifiableConsumerOptions()
    {
        _topic = _parser.Value("--topic", "The topic to read.", required: true);
        _groupProtocol = _parser.Value("--group-protocol", "The group protocol: classic or consumer.", defaultValue: "classic", metavar: "GROUP-PROTOCOL");
        _groupRemoteAssignor = _parser.Value("--group-remote-assignor", "The assignor of the broker; for the group protocol consumer only.", metavar: "GROUP-REMOTE-ASSIGNOR");
        _groupId = _parser.Value("--group-id", "The consumer group.", required: true, metavar: "GROUP-ID");
        _groupInstanceId = _parser.Value("--group-instance-id", "Makes the member static.", metavar: "GROUP-INSTANCE-ID");
        _maxMessages = _parser.Value("--max-messages", "How many records to read; -1 for no end.", defaultValue: "-1", type: ArgumentType.Integer, metavar: "MAX-MESSAGES");
        _sessionTimeout = _parser.Value("--session-timeout", "The session time-out in milliseconds.", type: ArgumentType.Integer, metavar: "TIMEOUT-MS");
        _verbose = _parser.Flag("--verbose", "Print each record.");
        _autoCommit = _parser.Flag("--enable-autocommit", "Commit offsets by the clock.");
        _resetPolicy = _parser.Value("--reset-policy", "Where to begin: earliest, latest or none.", defaultValue: "earliest", metavar: "RESET-POLICY");
        _assignmentStrategy = _parser.Value("--assignment-strategy", "The assignor, by its class; for the group protocol classic only.", defaultValue: "org.apache.kafka.clients.consumer.RangeAssignor", metavar: "ASSIGNMENT-STRATEGY");
        _consumerConfig = _parser.Value("--consumer.config", "(DEPRECATED) The former name of --command-config.", metavar: "CONFIG-FILE");
        _commandConfig = _parser.Value("--command-config", "A file of configurations of the consumer; arguments go before it.", metavar: "CONFIG-FILE");
        _bootstrapServer = _parser.Value("--bootstrap-server", "The servers to connect to, as HOST1:PORT1,HOST2:PORT2.", required: true, metavar: "HOST1:PORT1[,HOST2:PORT2[...]]");
    }

    public string Topic => _given.Required(_topic);

    /// <summary>Negative for no end.</summary>
    public int MaxMessages => _given.IntOf(_maxMessages);

    public bool IsVerbose => _given.Has(_verbose);

    public bool CommitsByClock => _given.Has(_autoCommit);

    /// <exception cref="VerbException">The arguments do not parse or do not go together.</exception>
    public void Parse(IReadOnlyList<string> arguments, TextWriter output)
    {
        _given = _parser.ParseOrHelp(arguments);
        if (_given.Has(_consumerConfig) && _given.Has(_commandConfig))
            throw _parser.Error($"Options {_consumerConfig} and {_commandConfig} are mutually exclusive.");
        if (_given.Has(_consumerConfig))
            output.WriteLine($"Option {_consumerConfig} has been deprecated and will be removed in a future version. Use {_commandConfig} instead.");
    }

    public Dictionary<string, string> ConsumerProperties()
    {
        var properties = Clients.LoadProperties(_given.ValueOf(_given.Has(_consumerConfig) ? _consumerConfig : _commandConfig));
        if (_given.Required(_groupProtocol).Equals("consumer", StringComparison.OrdinalIgnoreCase))
        {
            properties["group.protocol"] = "consumer";
            if (_given.ValueOf(_groupRemoteAssignor) is { } assignor)
                properties["group.remote.assignor"] = assignor;
        }
        else
        {
            properties["partition.assignment.strategy"] = _given.Required(_assignmentStrategy);
            if (_given.Has(_sessionTimeout))
                properties["session.timeout.ms"] = _given.Required(_sessionTimeout);
        }

        properties["group.id"] = _given.Required(_groupId);
        if (_given.ValueOf(_groupInstanceId) is { } instance)
            properties["group.instance.id"] = instance;
        properties["bootstrap.servers"] = _given.Required(_bootstrapServer);
        properties["enable.auto.commit"] = CommitsByClock ? "true" : "false";
        properties["auto.offset.reset"] = _given.Required(_resetPolicy);
        return properties;
    }
}
