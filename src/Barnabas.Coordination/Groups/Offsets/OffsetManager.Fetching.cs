using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Offsets;

internal sealed partial class OffsetManager
{
    private const long InvalidOffset = -1;

    /// <summary>Answers the offsets of the topics asked for, or of all topics if none is named. Offsets that were never committed are -1.</summary>
    /// <param name="request">The group and its topics, by name.</param>
    /// <param name="requireStable">Whether an open transaction makes an offset UNSTABLE_OFFSET_COMMIT.</param>
    /// <exception cref="KafkaException">The member may not ask.</exception>
    public OffsetFetchResponse.OffsetFetchResponseGroup Fetch(OffsetFetchRequest.OffsetFetchRequestGroup request, bool requireStable)
    {
        var response = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = request.GroupId };
        var isKnown = TryValidateFetch(request);
        if (request.Topics is null)
        {
            if (isKnown)
                AddAllTopics(request.GroupId, requireStable, response);
            return response;
        }

        foreach (var topic in request.Topics)
        {
            var topicResponse = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(topicResponse);
            foreach (var partition in topic.PartitionIndexes)
            {
                var offset = isKnown ? Find(request.GroupId, topic.Name, partition) : null;
                if (offset is not null && offset.IsOfOtherTopic(topic.TopicId))
                    offset = null;
                var isUnstable = requireStable && isKnown && HasPending(request.GroupId, topic.Name, partition);
                topicResponse.Partitions.Add(Answer(partition, offset, isUnstable));
            }
        }

        return response;
    }

    /// <returns>False if there is no such group: its offsets are answered as never committed.</returns>
    private bool TryValidateFetch(OffsetFetchRequest.OffsetFetchRequestGroup request)
    {
        if (!groups.TryGet(request.GroupId, out var group))
            return false;

        try
        {
            group.ValidateOffsetFetch(request.MemberId, request.MemberEpoch);
            return true;
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.GroupIdNotFound)
        {
            return false;
        }
    }

    private void AddAllTopics(string groupId, bool requireStable, OffsetFetchResponse.OffsetFetchResponseGroup response)
    {
        if (_offsets.TopicsOf(groupId) is not { } topics)
            return;

        foreach (var (topic, partitions) in topics)
        {
            var topicResponse = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic };
            response.Topics.Add(topicResponse);
            foreach (var (partition, offset) in partitions)
                topicResponse.Partitions.Add(Answer(partition, offset, requireStable && HasPending(groupId, topic, partition)));
        }
    }

    private static OffsetFetchResponse.OffsetFetchResponsePartitions Answer(int partition, OffsetAndMetadata? offset, bool isUnstable) => new()
    {
        PartitionIndex = partition,
        CommittedOffset = isUnstable || offset is null ? InvalidOffset : offset.CommittedOffset,
        CommittedLeaderEpoch = isUnstable || offset is null ? -1 : offset.LeaderEpoch ?? -1,
        Metadata = isUnstable || offset is null ? "" : offset.Metadata,
        ErrorCode = isUnstable ? ErrorCode.UnstableOffsetCommit : ErrorCode.None,
    };
}
