using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>Partitions of one topic whose state begins or has begun.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Partitions">The partitions.</param>
/// <param name="TimestampMs">When it was noted, in milliseconds since the epoch.</param>
internal sealed record ShareStateTopic(string Name, ImmutableSortedSet<int> Partitions, long TimestampMs);

/// <summary>
/// For which partitions a share group has state with the share coordinator, from the moment it is asked to begin until it
/// is deleted. Immutable; written as one record.
/// </summary>
internal sealed record ShareStatePartitions(
    ImmutableDictionary<Uuid, ShareStateTopic> Initializing, ImmutableDictionary<Uuid, ShareStateTopic> Initialized, ImmutableDictionary<Uuid, string> Deleting)
{
    public static ShareStatePartitions Empty { get; } = new(
        ImmutableDictionary<Uuid, ShareStateTopic>.Empty, ImmutableDictionary<Uuid, ShareStateTopic>.Empty, ImmutableDictionary<Uuid, string>.Empty);

    public static ShareStatePartitions Of(ShareGroupStatePartitionMetadataValue value, long nowMs) => new(
        Read(value.InitializingTopics, nowMs), Read(value.InitializedTopics, nowMs), value.DeletingTopics.ToImmutableDictionary(topic => topic.TopicId, topic => topic.TopicName));

    /// <summary>Every topic that has or gets state.</summary>
    public ImmutableDictionary<Uuid, ShareStateTopic> Known => Union(Initialized, Initializing);

    /// <summary>These partitions begin; what was being deleted of their topics is no longer.</summary>
    public ShareStatePartitions Begin(ImmutableDictionary<Uuid, ShareStateTopic> topics)
    {
        var initializing = Union(Initializing, topics);
        return this with { Initializing = initializing, Deleting = Deleting.RemoveRange(initializing.Keys) };
    }

    /// <summary>The state of these partitions has begun.</summary>
    public ShareStatePartitions Complete(ImmutableDictionary<Uuid, ShareStateTopic> topics) =>
        this with { Initializing = Except(Initializing, topics), Initialized = Union(Initialized, topics) };

    /// <summary>The state of these partitions could not begin.</summary>
    public ShareStatePartitions Cancel(ImmutableDictionary<Uuid, ShareStateTopic> topics) => this with { Initializing = Except(Initializing, topics) };

    /// <summary>All of it is to be deleted.</summary>
    public ShareStatePartitions DeleteAll(ImmutableDictionary<Uuid, ShareStateTopic> candidates) =>
        Empty with { Deleting = candidates.ToImmutableDictionary(topic => topic.Key, topic => topic.Value.Name) };

    /// <summary>Topics that no longer exist have no state.</summary>
    public ShareStatePartitions Forget(IEnumerable<Uuid> topicIds)
    {
        var gone = topicIds.ToList();
        return new(Initializing.RemoveRange(gone), Initialized.RemoveRange(gone), Deleting.RemoveRange(gone));
    }

    public ShareGroupStatePartitionMetadataValue ToValue() => new()
    {
        InitializingTopics = Write(Initializing),
        InitializedTopics = Write(Initialized),
        DeletingTopics = [.. Deleting.OrderBy(topic => topic.Key).Select(topic => new ShareGroupStatePartitionMetadataValue.TopicInfo { TopicId = topic.Key, TopicName = topic.Value })],
    };

    private static ImmutableDictionary<Uuid, ShareStateTopic> Read(List<ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo> topics, long nowMs) =>
        topics.ToImmutableDictionary(topic => topic.TopicId, topic => new ShareStateTopic(topic.TopicName, [.. topic.Partitions], nowMs));

    private static List<ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo> Write(ImmutableDictionary<Uuid, ShareStateTopic> topics) =>
        [.. topics.OrderBy(topic => topic.Key).Select(topic => new ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo
        {
            TopicId = topic.Key,
            TopicName = topic.Value.Name,
            Partitions = [.. topic.Value.Partitions],
        })];

    public static ImmutableDictionary<Uuid, ShareStateTopic> Union(ImmutableDictionary<Uuid, ShareStateTopic> topics, ImmutableDictionary<Uuid, ShareStateTopic> added) =>
        topics.SetItems(added.Select(topic => KeyValuePair.Create(topic.Key, topics.TryGetValue(topic.Key, out var known)
            ? topic.Value with { Partitions = known.Partitions.Union(topic.Value.Partitions) }
            : topic.Value)));

    private static ImmutableDictionary<Uuid, ShareStateTopic> Except(ImmutableDictionary<Uuid, ShareStateTopic> topics, ImmutableDictionary<Uuid, ShareStateTopic> removed)
    {
        foreach (var (topicId, gone) in removed)
        {
            if (!topics.TryGetValue(topicId, out var known))
                continue;
            var left = known.Partitions.Except(gone.Partitions);
            topics = left.IsEmpty ? topics.Remove(topicId) : topics.SetItem(topicId, known with { Partitions = left });
        }

        return topics;
    }
}
