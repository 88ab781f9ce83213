using Barnabas.Coordination.Groups.Classic;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Offsets;

internal sealed partial class OffsetManager
{
    /// <summary>The first version whose clients know GROUP_ID_NOT_FOUND here.</summary>
    private const short GroupIdNotFoundVersion = 9;

    /// <summary>Handles an OffsetCommit whose topics exist.</summary>
    /// <exception cref="KafkaException">The error of every partition.</exception>
    public CoordinatorResult<OffsetCommitResponse> Commit(GroupRequestContext requestContext, OffsetCommitRequest request)
    {
        var group = GroupForCommit(request.GroupId, request.GenerationIdOrMemberEpoch, requestContext.ApiVersion >= GroupIdNotFoundVersion);
        var validator = group.ValidateOffsetCommit(
            request.MemberId, request.GroupInstanceId, request.GenerationIdOrMemberEpoch, isTransactional: false, requestContext.ApiVersion);
        KeepSession(group, request.MemberId);

        var response = new OffsetCommitResponse();
        var records = new List<CoordinatorRecord>();
        long? expireTimestampMs = request.RetentionTimeMs == -1 ? null : context.NowMs + request.RetentionTimeMs;
        foreach (var topic in request.Topics)
        {
            var topicResponse = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(topicResponse);
            foreach (var partition in topic.Partitions)
            {
                var isTooLarge = partition.CommittedMetadata is { } metadata && metadata.Length > config.OffsetMetadataMaxSize;
                topicResponse.Partitions.Add(new OffsetCommitResponse.OffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = isTooLarge ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None,
                });
                if (isTooLarge)
                    continue;

                validator?.Invoke(topic.Name, topic.TopicId, partition.PartitionIndex);
                var offset = new OffsetAndMetadata(
                    -1, partition.CommittedOffset, partition.CommittedLeaderEpoch == -1 ? null : partition.CommittedLeaderEpoch,
                    partition.CommittedMetadata ?? "", partition.CommitTimestamp == -1 ? context.NowMs : partition.CommitTimestamp,
                    expireTimestampMs, topic.TopicId);
                records.Add(GroupRecords.OffsetCommit(request.GroupId, topic.Name, partition.PartitionIndex, offset));
            }
        }

        return new CoordinatorResult<OffsetCommitResponse>(records, response);
    }

    /// <summary>A commit without a generation makes a group for its offsets: a consumer that assigns its partitions itself, or an admin.</summary>
    private Group GroupForCommit(string groupId, int generationId, bool knowsGroupIdNotFound)
    {
        if (groups.TryGet(groupId, out var group))
            return group;

        if (generationId < 0)
        {
            context.Logger.SimpleGroupCreated(groupId);
            return groups.GetOrCreateClassic(groupId);
        }

        throw knowsGroupIdNotFound
            ? new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} not found.")
            : new KafkaException(ErrorCode.IllegalGeneration);
    }

    private void KeepSession(Group group, string memberId)
    {
        if (group is ClassicGroup { State: ClassicGroupState.Stable or ClassicGroupState.PreparingRebalance } classicGroup
            && classicGroup.TryGetMember(memberId, out var member))
            classic.RescheduleHeartbeat(classicGroup, member);
    }
}
