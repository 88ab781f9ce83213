using Barnabas.Broker.Cache;
using Barnabas.Broker.Replication;
using Barnabas.Configuration.Brokers;
using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Sharing;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;

namespace Barnabas.Broker.Coordination;

/// <summary>Tells the share coordinator which partitions of its topic this broker leads, and which topics are gone. Called by the metadata publisher.</summary>
internal sealed class ShareCoordination(ShareCoordinatorService coordinator, int localId)
{
    private readonly HashSet<int> _led = [];

    public static ShareCoordinatorConfig Config(BrokerConfig config) => new()
    {
        UpdatesPerSnapshot = config.GetInt("share.coordinator.snapshot.update.records.per.snapshot"),
        ColdPartitionSnapshotIntervalMs = config.GetInt("share.coordinator.cold.partition.snapshot.interval.ms"),
        PruneIntervalMs = config.GetInt("share.coordinator.state.topic.prune.interval.ms"),
    };

    public static CoordinatorRuntimeOptions RuntimeOptions(BrokerConfig config) => new(
        config.GetInt("share.coordinator.append.linger.ms"),
        config.GetInt("share.coordinator.write.timeout.ms"),
        config.GetInt("share.coordinator.load.buffer.size"),
        (CompressionType)config.GetInt("share.coordinator.state.topic.compression.codec"));

    /// <summary>Removes what the coordinator's snapshots have made redundant; a partition that moved away is the next leader's to prune.</summary>
    public static Action<TopicPartition, long> Pruner(ReplicaManager replicas) => (topicPartition, offset) =>
    {
        if (replicas.FindLeader(topicPartition.Topic, topicPartition.Partition, -1, out var partition) == ErrorCode.None)
            partition!.Log.MaybeIncrementLogStartOffset(offset, "the share coordinator's state above is complete");
    };

    /// <summary>Begins to answer, for as many partitions as the topic has or will have.</summary>
    public void Start(MetadataImage image, BrokerConfig config) =>
        coordinator.Start(image.Topics.Find(TopicNames.ShareGroupState)?.PartitionCount ?? config.GetInt("share.coordinator.state.topic.num.partitions"));

    /// <summary>Takes over and gives up partitions. Before the metadata is published, so that who finds the coordinator finds it at work.</summary>
    public void ApplyLeadership(MetadataDelta delta, MetadataImage image)
    {
        coordinator.OnMetadataUpdate(image);
        if (delta.Topics is not { } topics)
            return;
        if (topics.DeletedTopics.Values.Any(deleted => deleted.Name == TopicNames.ShareGroupState))
            ResignAll();
        foreach (var changed in topics.ChangedTopics.Values)
        {
            if (changed.Name != TopicNames.ShareGroupState)
                continue;
            foreach (var (index, registration) in changed.PartitionChanges)
                Apply(index, registration);
        }
    }

    /// <summary>Forgets the state of deleted topics.</summary>
    public void ApplyDeletions(MetadataDelta delta)
    {
        if (delta.Topics is { DeletedTopics.Count: > 0 } topics)
            _ = coordinator.OnTopicsDeletedAsync(topics.DeletedTopics.Keys.ToHashSet());
    }

    private void Apply(int index, PartitionRegistration registration)
    {
        if (registration.Leader == localId)
        {
            _led.Add(index);
            coordinator.OnElection(index, registration.LeaderEpoch);
        }
        else if (_led.Remove(index))
        {
            coordinator.OnResignation(index, registration.LeaderEpoch);
        }
    }

    private void ResignAll()
    {
        foreach (var index in _led)
            coordinator.OnResignation(index, null);
        _led.Clear();
    }
}
