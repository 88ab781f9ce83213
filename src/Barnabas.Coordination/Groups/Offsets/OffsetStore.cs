using System.Diagnostics.CodeAnalysis;
using Barnabas.Coordination.Runtime;

namespace Barnabas.Coordination.Groups.Offsets;

/// <summary>Committed offsets by group, topic and partition. Changes go through the rollback log.</summary>
internal sealed class OffsetStore(RollbackLog rollback)
{
    private readonly TimelineDictionary<string, TimelineDictionary<string, TimelineDictionary<int, OffsetAndMetadata>>> _groups = new(rollback);

    public IEnumerable<string> GroupIds => _groups.Keys;

    public bool HasOffsets(string groupId) => _groups.ContainsKey(groupId);

    public bool TryGet(string groupId, string topic, int partition, [NotNullWhen(true)] out OffsetAndMetadata? offset)
    {
        offset = null;
        return _groups.TryGetValue(groupId, out var topics)
            && topics.TryGetValue(topic, out var partitions)
            && partitions.TryGetValue(partition, out offset);
    }

    /// <summary>The offsets of a group by topic, or null if it has none.</summary>
    public TimelineDictionary<string, TimelineDictionary<int, OffsetAndMetadata>>? TopicsOf(string groupId) =>
        _groups.TryGetValue(groupId, out var topics) ? topics : null;

    public void Put(string groupId, string topic, int partition, OffsetAndMetadata offset)
    {
        if (!_groups.TryGetValue(groupId, out var topics))
            _groups.Put(groupId, topics = new(rollback));
        if (!topics.TryGetValue(topic, out var partitions))
            topics.Put(topic, partitions = new(rollback));
        partitions.Put(partition, offset);
    }

    public void Remove(string groupId, string topic, int partition)
    {
        if (!_groups.TryGetValue(groupId, out var topics) || !topics.TryGetValue(topic, out var partitions))
            return;

        partitions.Remove(partition);
        if (partitions.Count == 0)
            topics.Remove(topic);
        if (topics.Count == 0)
            _groups.Remove(groupId);
    }
}
