using System.Collections.Concurrent;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Replication;

/// <summary>
/// The replicas of this broker. Changed by the metadata publisher's thread alone, as the metadata log says; read from any thread.
/// </summary>
internal sealed class ReplicaManager(int localId, LogManager logs, MetadataCache metadata, DynamicBrokerConfig config, ILogger logger)
{
    private readonly ConcurrentDictionary<TopicPartition, Partition> _partitions = new();

    // Replicas that are this broker's by the metadata, but whose log could not be opened.
    private readonly ConcurrentDictionary<TopicPartition, Uuid> _offline = new();

    /// <summary>All replicas of this broker.</summary>
    public ICollection<Partition> Partitions => _partitions.Values;

    /// <summary>Replicas whose log could not be opened.</summary>
    public int OfflineCount => _offline.Count;

    /// <summary>Called, on the publisher's thread, with each replica that is new here: its log, where it is and whether it moves.</summary>
    public Action<Partition>? ReplicaCreated { get; set; }

    /// <summary>The replica of a partition, led by this broker or not.</summary>
    public Partition? Find(TopicPartition topicPartition) => _partitions.GetValueOrDefault(topicPartition);

    /// <summary>Whether the partition is this broker's, but in a log directory that failed.</summary>
    public bool IsOffline(TopicPartition topicPartition) => _offline.ContainsKey(topicPartition);

    /// <summary>Finds a partition that this broker leads, without an exception: this is every produce's and fetch's first step.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="index">The partition.</param>
    /// <param name="requestedEpoch">The leader epoch the client knows, or -1.</param>
    /// <param name="partition">The partition, where this broker has it.</param>
    /// <returns>NONE, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH or KAFKA_STORAGE_ERROR.</returns>
    public ErrorCode FindLeader(string topic, int index, int requestedEpoch, out Partition? partition)
    {
        var topicPartition = new TopicPartition(topic, index);
        if (!_partitions.TryGetValue(topicPartition, out partition))
            return ErrorOfMissing(topicPartition);
        var current = partition.Registration;
        if (requestedEpoch >= 0 && requestedEpoch != current.LeaderEpoch)
            return requestedEpoch < current.LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
        if (current.Leader != localId)
            return ErrorCode.NotLeaderOrFollower;
        return partition.Log.LogDirectory.IsOffline ? ErrorCode.KafkaStorageError : ErrorCode.None;
    }

    /// <summary>The same for callers that answer errors by exceptions.</summary>
    /// <exception cref="KafkaException">As <see cref="FindLeader"/>.</exception>
    public Partition GetLeader(TopicPartition topicPartition, int requestedEpoch = -1)
    {
        var error = FindLeader(topicPartition.Topic, topicPartition.Partition, requestedEpoch, out var partition);
        return error == ErrorCode.None ? partition! : throw new KafkaException(error);
    }

    private ErrorCode ErrorOfMissing(TopicPartition topicPartition)
    {
        if (_offline.ContainsKey(topicPartition))
            return ErrorCode.KafkaStorageError;
        // A partition that this broker leads in the image and does not have is being deleted: requests see the image last.
        return metadata.Image.Topics.FindPartition(topicPartition.Topic, topicPartition.Partition) is { } registration && registration.Leader != localId
            ? ErrorCode.NotLeaderOrFollower
            : ErrorCode.UnknownTopicOrPartition;
    }

    /// <summary>Brings the replicas in line with the metadata.</summary>
    public void Apply(MetadataDelta delta, MetadataImage image)
    {
        if (delta.Topics is { } topics)
        {
            foreach (var deleted in topics.DeletedTopics.Values)
                Delete(deleted);
            logs.CreateLogs(NewLogs(topics.ChangedTopics.Values, image));
            foreach (var changed in topics.ChangedTopics.Values)
            {
                foreach (var (index, registration) in changed.PartitionChanges)
                    Apply(image, changed.Name, changed.Id, index, registration);
            }
        }
        if (delta.Configs is { } configs)
            ApplyConfigs(configs, image);
    }

    private IEnumerable<NewLog> NewLogs(IEnumerable<TopicDelta> changed, MetadataImage image)
    {
        foreach (var topic in changed)
        {
            LogConfig? logConfig = null;
            foreach (var (index, registration) in topic.PartitionChanges)
            {
                var partition = new TopicPartition(topic.Name, index);
                if (Array.IndexOf(registration.Replicas, localId) >= 0 && !_partitions.ContainsKey(partition))
                    yield return new NewLog(partition, topic.Id, logConfig ??= ConfigOf(topic.Name, image), DirectoryOf(registration));
            }
        }
    }

    private LogConfig ConfigOf(string topic, MetadataImage image) => LogConfigs.For(config.Current, image.Configs.ConfigsOf(ConfigResource.ForTopic(topic)));

    private Uuid? DirectoryOf(PartitionRegistration registration)
    {
        var directory = registration.Directory(localId);
        return DirectoryId.IsReserved(directory) ? null : directory;
    }

    private void Apply(MetadataImage image, string topic, Uuid topicId, int index, PartitionRegistration registration)
    {
        var topicPartition = new TopicPartition(topic, index);
        var isReplica = Array.IndexOf(registration.Replicas, localId) >= 0;
        if (_partitions.TryGetValue(topicPartition, out var partition))
        {
            if (isReplica && partition.TopicId == topicId)
            {
                NoteLeadership(partition, registration);
                partition.Update(registration);
                return;
            }
            Stop(partition);
        }
        if (!isReplica)
            return;
        try
        {
            var log = logs.GetOrCreateLog(topicPartition, topicId, ConfigOf(topic, image), DirectoryOf(registration));
            log.MaybeIncrementHighWatermark(Math.Min(logs.CheckpointedHighWatermark(topicPartition), log.LogEndOffset));
            partition = new Partition(topicPartition, topicId, log, registration, localId);
            NoteLeadership(partition, registration, isNew: true);
            partition.Update(registration);
            _partitions[topicPartition] = partition;
            _offline.TryRemove(topicPartition, out _);
            ReplicaCreated?.Invoke(partition);
        }
        catch (KafkaException e)
        {
            _offline[topicPartition] = topicId;
            BrokerLog.ReplicaFailed(logger, topicPartition, e);
        }
    }

    private void NoteLeadership(Partition partition, PartitionRegistration registration, bool isNew = false)
    {
        if (registration.Leader == localId && (isNew || registration.LeaderEpoch != partition.LeaderEpoch))
            partition.Log.AssignEpochStartOffset(registration.LeaderEpoch, partition.Log.LogEndOffset);
    }

    private void Delete(TopicImage topic)
    {
        foreach (var (index, _) in topic.Partitions)
        {
            var topicPartition = new TopicPartition(topic.Name, index);
            _offline.TryRemove(new KeyValuePair<TopicPartition, Uuid>(topicPartition, topic.Id));
            if (_partitions.TryGetValue(topicPartition, out var partition) && partition.TopicId == topic.Id)
                Stop(partition);
        }
    }

    private void Stop(Partition partition)
    {
        _partitions.TryRemove(partition.TopicPartition, out _);
        try
        {
            logs.AsyncDelete(partition.TopicPartition);
        }
        catch (KafkaException e)
        {
            BrokerLog.ReplicaFailed(logger, partition.TopicPartition, e);
        }
        partition.CompleteWaiting();
    }

    private void ApplyConfigs(ConfigsDelta configs, MetadataImage image)
    {
        var everything = false;
        foreach (var (resource, _) in configs.Changes)
        {
            if (resource.Type == ConfigResourceType.Broker)
                everything = true;
            else if (resource.Type == ConfigResourceType.Topic && image.Topics.Find(resource.Name) is { } topic)
                UpdateLogs(topic, image);
        }
        if (!everything)
            return;
        foreach (var topic in image.Topics.ByName.Values)
            UpdateLogs(topic, image);
    }

    private void UpdateLogs(TopicImage topic, MetadataImage image)
    {
        LogConfig? logConfig = null;
        foreach (var (index, _) in topic.Partitions)
        {
            if (_partitions.TryGetValue(new TopicPartition(topic.Name, index), out var partition))
                partition.Log.UpdateConfig(logConfig ??= LogConfigs.For(config.Current, image.Configs.ConfigsOf(ConfigResource.ForTopic(topic.Name))));
        }
    }
}
