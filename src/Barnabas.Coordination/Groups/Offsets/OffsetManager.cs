using Barnabas.Coordination.Groups.Classic;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Offsets;

/// <summary>
/// The committed offsets of one shard, and those of open transactions, which become committed when their producer's
/// marker arrives. Lives on the shard's thread.
/// </summary>
internal sealed partial class OffsetManager(
    CoordinatorShardContext context, GroupRegistry groups, ClassicGroupProtocol classic, GroupCoordinatorConfig config, Func<IGroupTopics> topics)
{
    private readonly OffsetStore _offsets = new(context.Rollback);
    private readonly TimelineDictionary<long, OffsetStore> _pendingByProducer = new(context.Rollback);

    /// <summary>The committed offset, or null.</summary>
    public OffsetAndMetadata? Find(string groupId, string topic, int partition) =>
        _offsets.TryGet(groupId, topic, partition, out var offset) ? offset : null;

    /// <summary>Applies an offset record. A group it belongs to exists from then on.</summary>
    public void Replay(long recordOffset, long producerId, OffsetCommitKey key, OffsetCommitValue? value)
    {
        if (value is null)
        {
            _offsets.Remove(key.Group, key.Topic, key.Partition);
            foreach (var pending in _pendingByProducer.Values)
                pending.Remove(key.Group, key.Topic, key.Partition);
            return;
        }

        if (!groups.TryGet(key.Group, out _))
            groups.GetOrCreateClassic(key.Group);

        var offset = OffsetAndMetadata.FromRecord(recordOffset, value);
        if (producerId < 0)
        {
            _offsets.Put(key.Group, key.Topic, key.Partition, offset);
            return;
        }

        if (!_pendingByProducer.TryGetValue(producerId, out var store))
            _pendingByProducer.Put(producerId, store = new OffsetStore(context.Rollback));
        store.Put(key.Group, key.Topic, key.Partition, offset);
    }

    /// <summary>Commits or drops the pending offsets of a producer.</summary>
    public void ReplayEndTransactionMarker(long producerId, bool committed)
    {
        if (!_pendingByProducer.TryGetValue(producerId, out var pending))
            return;

        _pendingByProducer.Remove(producerId);
        if (!committed)
            return;

        foreach (var groupId in pending.GroupIds)
        {
            foreach (var (topic, partitions) in pending.TopicsOf(groupId)!)
            {
                foreach (var (partition, offset) in partitions)
                {
                    // A plain commit may have overtaken the transaction; compaction keeps the later record, and so do we.
                    if (!_offsets.TryGet(groupId, topic, partition, out var existing) || offset.RecordOffset > existing.RecordOffset)
                        _offsets.Put(groupId, topic, partition, offset);
                }
            }
        }
    }

    private bool HasPending(string groupId, string topic, int partition)
    {
        foreach (var pending in _pendingByProducer.Values)
        {
            if (pending.TryGet(groupId, topic, partition, out _))
                return true;
        }

        return false;
    }

    private bool HasOpenTransactions(string groupId)
    {
        foreach (var pending in _pendingByProducer.Values)
        {
            if (pending.HasOffsets(groupId))
                return true;
        }

        return false;
    }
}
