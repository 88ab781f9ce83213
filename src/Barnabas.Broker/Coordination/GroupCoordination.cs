using Barnabas.Broker.Cache;
using Barnabas.Configuration.Brokers;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Groups.Share;
using Barnabas.Coordination.Groups.Streams;
using Barnabas.Coordination.Runtime;
using Barnabas.Metadata.Image;
using Barnabas.Protocol.Compression;

namespace Barnabas.Broker.Coordination;

/// <summary>Tells the group coordinator which partitions of its topic this broker leads, and which topics are gone. Called by the metadata publisher.</summary>
internal sealed class GroupCoordination(GroupCoordinatorService groups, int localId)
{
    private readonly HashSet<int> _led = [];

    public static GroupCoordinatorConfig Config(BrokerConfig config) => new()
    {
        MinSessionTimeoutMs = config.GetInt("group.min.session.timeout.ms"),
        MaxSessionTimeoutMs = config.GetInt("group.max.session.timeout.ms"),
        InitialRebalanceDelayMs = config.GetInt("group.initial.rebalance.delay.ms"),
        MaxGroupSize = config.GetInt("group.max.size"),
        OffsetMetadataMaxSize = config.GetInt("offset.metadata.max.bytes"),
        OffsetsRetentionMs = config.GetInt("offsets.retention.minutes") * 60_000L,
        OffsetsRetentionCheckIntervalMs = config.GetLong("offsets.retention.check.interval.ms"),
        Consumer = new ConsumerGroupConfig
        {
            SessionTimeoutMs = config.GetInt("group.consumer.session.timeout.ms"),
            HeartbeatIntervalMs = config.GetInt("group.consumer.heartbeat.interval.ms"),
            MaxSize = config.GetInt("group.consumer.max.size"),
            AssignorNames = config.GetList("group.consumer.assignors"),
            AssignmentIntervalMs = config.GetInt("group.consumer.assignment.interval.ms"),
            MigrationPolicy = Enum.Parse<ConsumerGroupMigrationPolicy>(config.GetString("group.consumer.migration.policy"), ignoreCase: true),
        },
        Streams = new StreamsGroupConfig
        {
            SessionTimeoutMs = config.GetInt("group.streams.session.timeout.ms"),
            HeartbeatIntervalMs = config.GetInt("group.streams.heartbeat.interval.ms"),
            MaxSize = config.GetInt("group.streams.max.size"),
            AssignmentIntervalMs = config.GetInt("group.streams.assignment.interval.ms"),
            StandbyReplicas = config.GetInt("group.streams.num.standby.replicas"),
            InitialRebalanceDelayMs = config.GetInt("group.streams.initial.rebalance.delay.ms"),
        },
        Share = new ShareGroupConfig
        {
            SessionTimeoutMs = config.GetInt("group.share.session.timeout.ms"),
            HeartbeatIntervalMs = config.GetInt("group.share.heartbeat.interval.ms"),
            MaxSize = config.GetInt("group.share.max.size"),
            AssignmentIntervalMs = config.GetInt("group.share.assignment.interval.ms"),
            InitializeRetryIntervalMs = config.GetInt("group.share.initialize.retry.interval.ms"),
        },
    };

    public static CoordinatorRuntimeOptions RuntimeOptions(BrokerConfig config) => new(
        config.GetInt("group.coordinator.append.linger.ms"),
        config.GetInt("offsets.commit.timeout.ms"),
        config.GetInt("offsets.load.buffer.size"),
        (CompressionType)config.GetInt("offsets.topic.compression.codec"));

    /// <summary>Begins to answer, for as many partitions as the topic has or will have.</summary>
    public void Start(MetadataImage image, BrokerConfig config) =>
        groups.Start(image.Topics.Find(TopicNames.ConsumerOffsets)?.PartitionCount ?? config.GetInt("offsets.topic.num.partitions"));

    /// <summary>Takes over and gives up partitions. Before the metadata is published, so that a client that finds its coordinator finds it at work.</summary>
    public void ApplyLeadership(MetadataDelta delta, MetadataImage image)
    {
        groups.OnMetadataUpdate(image);
        if (delta.Topics is not { } topics)
            return;
        if (topics.DeletedTopics.Values.Any(deleted => deleted.Name == TopicNames.ConsumerOffsets))
            ResignAll();
        foreach (var changed in topics.ChangedTopics.Values)
        {
            if (changed.Name != TopicNames.ConsumerOffsets)
                continue;
            foreach (var (index, registration) in changed.PartitionChanges)
                Apply(index, registration);
        }
    }

    /// <summary>Forgets the offsets of deleted topics. After the metadata is published, so that no commit for them comes behind.</summary>
    public void ApplyDeletions(MetadataDelta delta)
    {
        if (delta.Topics is { DeletedTopics.Count: > 0 } topics)
            _ = groups.OnTopicsDeletedAsync([.. topics.DeletedTopics.Values.Select(t => new DeletedTopic(t.Name, t.Id))]);
    }

    private void Apply(int index, PartitionRegistration registration)
    {
        if (registration.Leader == localId)
        {
            _led.Add(index);
            groups.OnElection(index, registration.LeaderEpoch);
        }
        else if (_led.Remove(index))
        {
            groups.OnResignation(index, registration.LeaderEpoch);
        }
    }

    private void ResignAll()
    {
        foreach (var index in _led)
            groups.OnResignation(index, null);
        _led.Clear();
    }
}
