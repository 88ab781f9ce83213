using System.Diagnostics.CodeAnalysis;
using Barnabas.Client.Options;
using Barnabas.Client.Security;

namespace Barnabas.Client;

/// <summary>
/// What every client needs to know. Immutable: change a copy with <c>with</c>. The defaults are Kafka's; each member
/// names the configuration it stands for.
/// </summary>
public record ClientOptions
{
    private static readonly IReadOnlyDictionary<string, string> NoProperties = new Dictionary<string, string>();

    /// <summary>Options with Kafka's defaults.</summary>
    public ClientOptions()
    {
    }

    /// <summary>Options out of Kafka's configuration names.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">A value is invalid; the message is Kafka's.</exception>
    [SetsRequiredMembers]
    protected ClientOptions(ConfigValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        BootstrapServers = values.GetList("bootstrap.servers");
        ClientId = values.GetString("client.id") is { Length: > 0 } id ? id : ClientId;
        RequestTimeout = values.GetMilliseconds("request.timeout.ms");
        RetryBackoff = values.GetMilliseconds("retry.backoff.ms");
        RetryBackoffMax = values.GetMilliseconds("retry.backoff.max.ms");
        ReconnectBackoff = values.GetMilliseconds("reconnect.backoff.ms");
        ReconnectBackoffMax = values.GetMilliseconds("reconnect.backoff.max.ms");
        ConnectionSetupTimeout = values.GetMilliseconds("socket.connection.setup.timeout.ms");
        ConnectionSetupTimeoutMax = values.GetMilliseconds("socket.connection.setup.timeout.max.ms");
        ConnectionsMaxIdle = values.GetMilliseconds("connections.max.idle.ms");
        ReceiveBufferBytes = GivenBytes(values, "receive.buffer.bytes");
        SendBufferBytes = GivenBytes(values, "send.buffer.bytes");
        MetadataMaxAge = values.GetMilliseconds("metadata.max.age.ms");
        MetadataRecovery = Enum.Parse<MetadataRecoveryStrategy>(values.GetString("metadata.recovery.strategy")!, ignoreCase: true);
        MetadataRebootstrapTrigger = values.GetMilliseconds("metadata.recovery.rebootstrap.trigger.ms");
        SecurityProtocol = SecurityProtocols.Parse(values.GetString("security.protocol")!);
        SslProperties = SecurityProtocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl ? values.TextsOf("ssl.") : NoProperties;
        if (SecurityProtocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl)
            Sasl = new SaslOptions(values.TextsOf("sasl."));
        UnknownNames = values.UnknownNames;
    }

    /// <summary><c>bootstrap.servers</c>: the addresses a client starts from, each <c>host:port</c>.</summary>
    public required IReadOnlyList<string> BootstrapServers { get; init; }

    /// <summary><c>client.id</c>: what the node's logs and quotas call this client.</summary>
    public string ClientId { get; init; } = "barnabas";

    /// <summary><c>request.timeout.ms</c>: how long a response may take before the connection counts as dead.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>retry.backoff.ms</c>: the pause before the first retry; doubles with each further one, with jitter (KIP-580).</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary><c>retry.backoff.max.ms</c>: the longest pause between retries.</summary>
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>reconnect.backoff.ms</c>: the pause after the first failed connection to a node; doubles with jitter.</summary>
    public TimeSpan ReconnectBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary><c>reconnect.backoff.max.ms</c>: the longest pause between connections to a node.</summary>
    public TimeSpan ReconnectBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>socket.connection.setup.timeout.ms</c>: how long the first try to connect may take (KIP-601).</summary>
    public TimeSpan ConnectionSetupTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>socket.connection.setup.timeout.max.ms</c>: how long any try to connect may take.</summary>
    public TimeSpan ConnectionSetupTimeoutMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>connections.max.idle.ms</c>: an unused connection is closed after this time; negative never.</summary>
    public TimeSpan ConnectionsMaxIdle { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary><c>receive.buffer.bytes</c>: the size of the socket's receive buffer (SO_RCVBUF); null lets the system size it as the connection needs, which is the default here.</summary>
    public int? ReceiveBufferBytes { get; init; }

    /// <summary><c>send.buffer.bytes</c>: the size of the socket's send buffer (SO_SNDBUF); null lets the system size it as the connection needs, which is the default here.</summary>
    public int? SendBufferBytes { get; init; }

    /// <summary><c>metadata.max.age.ms</c>: cluster metadata is renewed after this time even when nothing went wrong.</summary>
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>metadata.recovery.strategy</c>: what to do when no known node answers (KIP-899).</summary>
    public MetadataRecoveryStrategy MetadataRecovery { get; init; } = MetadataRecoveryStrategy.Rebootstrap;

    /// <summary><c>metadata.recovery.rebootstrap.trigger.ms</c>: start from the bootstrap servers again when no metadata came for this long (KIP-1102).</summary>
    public TimeSpan MetadataRebootstrapTrigger { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>security.protocol</c>.</summary>
    public SecurityProtocol SecurityProtocol { get; init; } = SecurityProtocol.Plaintext;

    /// <summary>Kafka's <c>ssl.</c> keys with their texts: key and trust store for TLS. Not to be shown: passwords are among them.</summary>
    public IReadOnlyDictionary<string, string> SslProperties { get; init; } = NoProperties;

    /// <summary>Kafka's <c>sasl.</c> keys; see <see cref="SaslOptions.ForUser"/>.</summary>
    public SaslOptions Sasl { get; init; } = SaslOptions.None;

    /// <summary>Names that were given and exist, but have no effect on this client (<c>ssl.</c> and <c>sasl.</c> ones without a security hook among them); named in a warning when it starts.</summary>
    public IReadOnlyList<string> UnusedNames { get; init; } = [];

    /// <summary>Names that were given but that no configuration has; a client names them in a warning when it starts.</summary>
    public IReadOnlyList<string> UnknownNames { get; init; } = [];

    // Kafka's defaults are left out on purpose, as on listeners; -1 leaves a buffer to the system in Kafka, too.
    private static int? GivenBytes(ConfigValues values, string name) => values.GetInt(name) is > 0 and var bytes && values.IsSet(name) ? bytes : null;
}
