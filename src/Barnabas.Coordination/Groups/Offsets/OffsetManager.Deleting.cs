using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Offsets;

internal sealed partial class OffsetManager
{
    /// <summary>Handles an OffsetDelete whose topics exist.</summary>
    /// <exception cref="KafkaException">The error of the whole request.</exception>
    public CoordinatorResult<OffsetDeleteResponse> Delete(OffsetDeleteRequest request)
    {
        var group = groups.Get(request.GroupId);
        group.ValidateOffsetDelete();

        var response = new OffsetDeleteResponse();
        var records = new List<CoordinatorRecord>();
        foreach (var topic in request.Topics)
        {
            var isSubscribed = group.IsSubscribedToTopic(topic.Name);
            var topicResponse = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = topic.Name };
            response.Topics.Add(topicResponse);
            foreach (var partition in topic.Partitions)
            {
                topicResponse.Partitions.Add(new OffsetDeleteResponse.OffsetDeleteResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = isSubscribed ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None,
                });
                if (!isSubscribed && HasCommittedOrPending(request.GroupId, topic.Name, partition.PartitionIndex))
                    records.Add(GroupRecords.OffsetCommitTombstone(request.GroupId, topic.Name, partition.PartitionIndex));
            }
        }

        return new CoordinatorResult<OffsetDeleteResponse>(records, response);
    }

    /// <summary>Adds tombstones for every offset of a group, pending ones included.</summary>
    /// <returns>How many.</returns>
    public int DeleteAll(string groupId, List<CoordinatorRecord> records)
    {
        var before = records.Count;
        AddTombstones(_offsets, groupId, records, static _ => true);
        foreach (var pending in _pendingByProducer.Values)
            AddTombstones(pending, groupId, records, key => !_offsets.TryGet(groupId, key.Topic, key.Partition, out _));
        return records.Count - before;
    }

    /// <summary>Tombstones for the offsets of deleted topics. An offset that names another topic id stays.</summary>
    public List<CoordinatorRecord> OnTopicsDeleted(IReadOnlyList<DeletedTopic> topics)
    {
        var records = new List<CoordinatorRecord>();
        AddTombstones(_offsets, topics, records);
        foreach (var pending in _pendingByProducer.Values)
            AddTombstones(pending, topics, records);
        return records;
    }

    /// <summary>Adds tombstones for the expired offsets of a group.</summary>
    /// <returns>Whether nothing is left that would keep the group.</returns>
    public bool CleanUpExpired(Group group, List<CoordinatorRecord> records)
    {
        if (_offsets.TopicsOf(group.GroupId) is not { } topics)
            return !HasOpenTransactions(group.GroupId);
        if (group.OffsetExpiration is not { } expiration)
            return false;

        var allExpired = true;
        foreach (var (topic, partitions) in topics)
        {
            var isSubscribed = group.IsSubscribedToTopic(topic);
            foreach (var (partition, offset) in partitions)
            {
                if (!isSubscribed
                    && expiration.IsExpired(offset, context.NowMs, config.OffsetsRetentionMs)
                    && !HasPending(group.GroupId, topic, partition))
                    records.Add(GroupRecords.OffsetCommitTombstone(group.GroupId, topic, partition));
                else
                    allExpired = false;
            }
        }

        return allExpired && !HasOpenTransactions(group.GroupId);
    }

    private bool HasCommittedOrPending(string groupId, string topic, int partition) =>
        _offsets.TryGet(groupId, topic, partition, out _) || HasPending(groupId, topic, partition);

    private static void AddTombstones(OffsetStore store, string groupId, List<CoordinatorRecord> records, Func<TopicPartition, bool> filter)
    {
        if (store.TopicsOf(groupId) is not { } topics)
            return;

        foreach (var (topic, partitions) in topics)
        {
            foreach (var partition in partitions.Keys)
            {
                if (filter(new TopicPartition(topic, partition)))
                    records.Add(GroupRecords.OffsetCommitTombstone(groupId, topic, partition));
            }
        }
    }

    private static void AddTombstones(OffsetStore store, IReadOnlyList<DeletedTopic> deleted, List<CoordinatorRecord> records)
    {
        foreach (var groupId in store.GroupIds)
        {
            var topics = store.TopicsOf(groupId)!;
            foreach (var topic in deleted)
            {
                if (!topics.TryGetValue(topic.Name, out var partitions))
                    continue;

                foreach (var (partition, offset) in partitions)
                {
                    if (offset.TopicId == Uuid.Zero || offset.TopicId == topic.Id)
                        records.Add(GroupRecords.OffsetCommitTombstone(groupId, topic.Name, partition));
                }
            }
        }
    }
}
