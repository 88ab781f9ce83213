using System.Diagnostics.CodeAnalysis;
using Barnabas.Client.Consumer.Sharing;
using Barnabas.Client.Options;
using Barnabas.Configuration;

namespace Barnabas.Client.Consumer;

/// <summary>What a <see cref="Consumer{TKey, TValue}"/> needs to know. The defaults are Kafka's.</summary>
public sealed record ConsumerOptions : ClientOptions
{
    // What the other protocol does not know, and Kafka therefore refuses.
    private static readonly string[] ClassicNames = ["partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms"];
    private static readonly string[] NotOfShareGroups =
    [
        "auto.offset.reset", "enable.auto.commit", "group.instance.id", "isolation.level", "partition.assignment.strategy",
        "interceptor.classes", "session.timeout.ms", "heartbeat.interval.ms", "group.protocol", "group.remote.assignor",
    ];

    private static readonly string[] ConsumerNames = ["group.remote.assignor"];

    /// <summary>Options with Kafka's defaults.</summary>
    public ConsumerOptions()
    {
    }

    [SetsRequiredMembers]
    private ConsumerOptions(ConfigValues values)
        : base(values)
    {
        GroupId = values.GetString("group.id");
        GroupInstanceId = values.GetString("group.instance.id");
        SessionTimeout = values.GetMilliseconds("session.timeout.ms");
        HeartbeatInterval = values.GetMilliseconds("heartbeat.interval.ms");
        MaxPollInterval = values.GetMilliseconds("max.poll.interval.ms");
        MaxPollRecords = values.GetInt("max.poll.records");
        AssignmentStrategies = values.GetList("partition.assignment.strategy");
        AutoOffsetReset = OffsetReset.Parse(values.GetString("auto.offset.reset")!);
        EnableAutoCommit = values.IsSet("enable.auto.commit") || GroupId is not null ? values.GetBoolean("enable.auto.commit") : false;
        AutoCommitInterval = values.GetMilliseconds("auto.commit.interval.ms");
        FetchMinBytes = values.GetInt("fetch.min.bytes");
        FetchMaxBytes = values.GetInt("fetch.max.bytes");
        FetchMaxWait = values.GetMilliseconds("fetch.max.wait.ms");
        MaxPartitionFetchBytes = values.GetInt("max.partition.fetch.bytes");
        IsolationLevel = Enum.Parse<IsolationLevel>(values.GetString("isolation.level")!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        CheckCrcs = values.GetBoolean("check.crcs");
        AllowAutoCreateTopics = values.GetBoolean("allow.auto.create.topics");
        ExcludeInternalTopics = values.GetBoolean("exclude.internal.topics");
        ClientRack = values.GetString("client.rack") ?? "";
        ApiTimeout = values.GetMilliseconds("default.api.timeout.ms");
        ShareAcknowledgementMode = Enum.Parse<ShareAcknowledgementMode>(values.GetString("share.acknowledgement.mode")!, ignoreCase: true);
        ShareAcquireMode = Enum.Parse<ShareAcquireMode>(values.GetString("share.acquire.mode")!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        if (GroupId is "") throw new ConfigException("The configured group.id should not be an empty string or whitespace.");
        if (GroupId is null && values.IsSet("enable.auto.commit") && EnableAutoCommit)
            throw new ConfigException("enable.auto.commit cannot be set to true when default group id (null) is used.");
        GroupProtocol = Enum.Parse<GroupProtocol>(values.GetString("group.protocol")!, ignoreCase: true);
        GroupRemoteAssignor = values.GetString("group.remote.assignor");
        foreach (var name in GroupProtocol == GroupProtocol.Consumer ? ClassicNames : ConsumerNames)
        {
            if (values.IsSet(name)) throw new ConfigException($"{name} cannot be set when group.protocol={GroupProtocol.ToString().ToUpperInvariant()}");
        }

        UnusedNames = values.UnusedNames;
    }

    /// <summary><c>group.id</c>; null for a consumer that belongs to no group.</summary>
    public string? GroupId { get; init; }

    /// <summary><c>group.instance.id</c>: makes the member static, so that a restart does not rebalance (KIP-345).</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary><c>group.protocol</c>.</summary>
    public GroupProtocol GroupProtocol { get; init; } = GroupProtocol.Classic;

    /// <summary><c>group.remote.assignor</c>: the coordinator's assignor; null for its choice. For <see cref="GroupProtocol.Consumer"/>.</summary>
    public string? GroupRemoteAssignor { get; init; }

    /// <summary><c>session.timeout.ms</c>: a member whose heartbeats stop for this long is out. The classic protocol's; else the coordinator says.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary><c>heartbeat.interval.ms</c>. The classic protocol's; else the coordinator says.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>max.poll.interval.ms</c>: a consumer that does not poll for this long leaves the group (KIP-62).</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>max.poll.records</c>: how many records a poll returns at most.</summary>
    public int MaxPollRecords { get; init; } = 500;

    /// <summary><c>partition.assignment.strategy</c>: names of assignors, or of Kafka's classes, the preferred first. The classic protocol's.</summary>
    public IReadOnlyList<string> AssignmentStrategies { get; init; } = ["range", "cooperative-sticky"];

    /// <summary><c>auto.offset.reset</c>.</summary>
    public OffsetReset AutoOffsetReset { get; init; } = OffsetReset.Latest;

    /// <summary><c>enable.auto.commit</c>; without a group nothing is committed.</summary>
    public bool EnableAutoCommit { get; init; } = true;

    /// <summary><c>auto.commit.interval.ms</c>.</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>fetch.min.bytes</c>: a fetch waits for this much, for at most <see cref="FetchMaxWait"/>.</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary><c>fetch.max.bytes</c>: how much one fetch returns, and how much this consumer holds that was not polled yet (per node).</summary>
    public int FetchMaxBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary><c>fetch.max.wait.ms</c>.</summary>
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary><c>max.partition.fetch.bytes</c>: how much one fetch returns of one partition; a larger batch comes whole.</summary>
    public int MaxPartitionFetchBytes { get; init; } = 1024 * 1024;

    /// <summary><c>isolation.level</c>.</summary>
    public IsolationLevel IsolationLevel { get; init; } = IsolationLevel.ReadUncommitted;

    /// <summary><c>check.crcs</c>: whether each batch's checksum is verified.</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary><c>allow.auto.create.topics</c>.</summary>
    public bool AllowAutoCreateTopics { get; init; } = true;

    /// <summary><c>exclude.internal.topics</c>: whether patterns never match Kafka's own topics.</summary>
    public bool ExcludeInternalTopics { get; init; } = true;

    /// <summary><c>share.acknowledgement.mode</c>: of a <see cref="ShareConsumer{TKey, TValue}"/>.</summary>
    public ShareAcknowledgementMode ShareAcknowledgementMode { get; init; } = ShareAcknowledgementMode.Implicit;

    /// <summary><c>share.acquire.mode</c>: of a <see cref="ShareConsumer{TKey, TValue}"/>.</summary>
    public ShareAcquireMode ShareAcquireMode { get; init; } = ShareAcquireMode.BatchOptimized;

    /// <summary><c>client.rack</c>: lets a follower in the same rack serve fetches (KIP-392).</summary>
    public string ClientRack { get; init; } = "";

    /// <summary><c>default.api.timeout.ms</c>: how long a call may take that has no time-out of its own.</summary>
    public TimeSpan ApiTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a record that cannot be deserialized ends the read with an exception, instead of being delivered with its error.</summary>
    public bool StopOnDeserializationError { get; init; }

    /// <summary>Reads Kafka's configuration names; unknown ones are kept in <see cref="ClientOptions.UnknownNames"/>.</summary>
    /// <exception cref="ConfigException">A value is invalid; the message is Kafka's.</exception>
    public static ConsumerOptions Parse(IReadOnlyDictionary<string, string> properties) => new(new ConfigValues(ConfigDefinitions.Consumer, properties));

    /// <summary>As <see cref="Parse"/>, for a <see cref="ShareConsumer{TKey, TValue}"/>: what share groups do not know is refused.</summary>
    /// <exception cref="ConfigException">A value is invalid, or not of share groups; the message is Kafka's.</exception>
    public static ConsumerOptions ParseShare(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var unsupported = NotOfShareGroups.Where(properties.ContainsKey).ToList();
        return unsupported.Count == 0 ? Parse(properties) : throw new ConfigException($"{string.Join(", ", unsupported)} cannot be set when using a share group.");
    }
}
