using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Offsets;

internal sealed partial class OffsetManager
{
    /// <summary>Handles a TxnOffsetCommit whose topics exist.</summary>
    /// <exception cref="KafkaException">The error of every partition.</exception>
    public CoordinatorResult<TxnOffsetCommitResponse> CommitTransactional(GroupRequestContext requestContext, TxnOffsetCommitRequest request)
    {
        var group = GroupForCommit(request.GroupId, request.GenerationId, knowsGroupIdNotFound: false);
        try
        {
            Validate(group, requestContext, request);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.StaleMemberEpoch)
        {
            throw new KafkaException(ErrorCode.IllegalGeneration, e.Message, e);
        }

        var response = new TxnOffsetCommitResponse();
        var records = new List<CoordinatorRecord>();
        foreach (var topic in request.Topics)
        {
            var topicResponse = new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic { Name = topic.Name };
            response.Topics.Add(topicResponse);
            foreach (var partition in topic.Partitions)
            {
                var isTooLarge = partition.CommittedMetadata is { } metadata && metadata.Length > config.OffsetMetadataMaxSize;
                topicResponse.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = isTooLarge ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None });
                if (isTooLarge)
                    continue;

                var offset = new OffsetAndMetadata(
                    -1, partition.CommittedOffset, partition.CommittedLeaderEpoch == -1 ? null : partition.CommittedLeaderEpoch,
                    partition.CommittedMetadata ?? "", context.NowMs, null, Uuid.Zero);
                records.Add(GroupRecords.OffsetCommit(request.GroupId, topic.Name, partition.PartitionIndex, offset));
            }
        }

        return new CoordinatorResult<TxnOffsetCommitResponse>(records, response);
    }

    private void Validate(Group group, GroupRequestContext requestContext, TxnOffsetCommitRequest request)
    {
        if (group.ValidateOffsetCommit(request.MemberId, request.GroupInstanceId, request.GenerationId, isTransactional: true, requestContext.ApiVersion) is not { } validator)
            return;

        var seen = topics();
        foreach (var topic in request.Topics)
        {
            // The id of a topic that is gone is nobody's.
            var id = seen.TryGet(topic.Name, out var found) ? found.Id : Uuid.Zero;
            foreach (var partition in topic.Partitions)
                validator(topic.Name, id, partition.PartitionIndex);
        }
    }
}
