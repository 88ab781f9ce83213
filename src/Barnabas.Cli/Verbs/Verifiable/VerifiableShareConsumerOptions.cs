using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>The arguments of kafka-verifiable-share-consumer.</summary>
internal sealed class VerifiableShareConsumerOptions
{
    private const string Program = "verifiable-share-consumer";

    private readonly ArgumentParser _parser = new(
        Program, "This tool creates a share group and consumes messages from a specific topic and emits share consumer events (e.g. share consumer startup, received messages, and offsets acknowledged) as JSON objects to STDOUT.");

    private readonly Argument _bootstrapServer;
    private readonly Argument _topic;
    private readonly Argument _groupId;
    private readonly Argument _maxMessages;
    private readonly Argument _verbose;
    private readonly Argument _acknowledgementMode;
    private readonly Argument _offsetReset;
    private readonly Argument _commandConfig;
    private ArgumentSet _given = new();

    public VerifiableShareConsumerOptions()
    {
        _topic = _parser.Value("--topic", "The topic to read.", required: true);
        _groupId = _parser.Value("--group-id", "The share group.", required: true, metavar: "GROUP-ID");
        _maxMessages = _parser.Value("--max-messages", "How many records to acknowledge; -1 for no end.", defaultValue: "-1", type: ArgumentType.Integer, metavar: "MAX-MESSAGES");
        _verbose = _parser.Flag("--verbose", "Print each record.");
        _acknowledgementMode = _parser.Value("--acknowledgement-mode", "How records are acknowledged: auto (with the next poll), sync or async.", defaultValue: "auto", metavar: "ACKNOWLEDGEMENT-MODE");
        _offsetReset = _parser.Value("--offset-reset-strategy", "Sets where the group begins: earliest or latest.", defaultValue: "", metavar: "OFFSET-RESET-STRATEGY");
        _commandConfig = _parser.Value("--command-config", "A file of configurations of the consumer; arguments go before it.", metavar: "CONFIG-FILE");
        _bootstrapServer = _parser.Value("--bootstrap-server", "The servers to connect to, as HOST1:PORT1,HOST2:PORT2.", required: true, metavar: "HOST1:PORT1[,HOST2:PORT2[...]]");
    }

    public string Topic => _given.Required(_topic);

    public string GroupId => _given.Required(_groupId);

    /// <summary>Negative for no end.</summary>
    public int MaxMessages => _given.IntOf(_maxMessages);

    public bool IsVerbose => _given.Has(_verbose);

    /// <summary>Whether records are acknowledged as soon as they are read, and not by the next poll.</summary>
    public bool CommitsAtOnce { get; private set; }

    /// <summary>Where the group shall begin; empty to leave that as it is.</summary>
    public string OffsetReset => _given.Required(_offsetReset).ToLowerInvariant();

    /// <exception cref="VerbException">The arguments do not parse.</exception>
    public void Parse(IReadOnlyList<string> arguments)
    {
        _given = _parser.ParseOrHelp(arguments);
        var mode = _given.Required(_acknowledgementMode).ToUpperInvariant();
        CommitsAtOnce = mode switch
        {
            "AUTO" => false,
            "SYNC" or "ASYNC" => true,
            _ => throw new VerbException($"No enum constant org.apache.kafka.tools.VerifiableShareConsumer.AcknowledgementMode.{mode}"),
        };
    }

    public Dictionary<string, string> ConsumerProperties()
    {
        var properties = Clients.LoadProperties(_given.ValueOf(_commandConfig));
        properties["group.id"] = GroupId;
        properties["bootstrap.servers"] = _given.Required(_bootstrapServer);
        return properties;
    }
}
