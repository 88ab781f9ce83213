using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    /// <summary>OffsetCommit of partitions that exist, each topic with name and id. The empty group id is allowed, as ever.</summary>
    public Task<OffsetCommitResponse> CommitOffsetsAsync(GroupRequestContext context, OffsetCommitRequest request) =>
        !_isActive
            ? Task.FromResult(CommitFailure(request, ErrorCode.CoordinatorNotAvailable))
            : AnswerAsync(
                _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.CommitOffsets(context, request)),
                failure => CommitFailure(request, failure));

    /// <summary>OffsetFetch of one group, topics by name; null topics means all.</summary>
    public Task<OffsetFetchResponse.OffsetFetchResponseGroup> FetchOffsetsAsync(
        GroupRequestContext context, OffsetFetchRequest.OffsetFetchRequestGroup request, bool requireStable)
    {
        if (!_isActive)
            return Task.FromResult(FetchFailure(context, request, ErrorCode.CoordinatorNotAvailable));

        return AnswerAsync(
            _runtime.ReadAsync(ShardOf(request.GroupId), shard => shard.FetchOffsets(request, requireStable)),
            // Consumers before 3.9 do not retry COORDINATOR_NOT_AVAILABLE here.
            failure => FetchFailure(context, request, failure == ErrorCode.CoordinatorNotAvailable ? ErrorCode.NotCoordinator : failure));
    }

    /// <summary>OffsetDelete of partitions that exist.</summary>
    public Task<OffsetDeleteResponse> DeleteOffsetsAsync(OffsetDeleteRequest request)
    {
        var error = CheckGroup(request.GroupId);
        return error != ErrorCode.None
            ? Task.FromResult(new OffsetDeleteResponse { ErrorCode = error })
            : AnswerAsync(
                _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.DeleteOffsets(request)),
                failure => new OffsetDeleteResponse { ErrorCode = failure });
    }

    /// <summary>The answer to an OffsetCommit that failed as a whole.</summary>
    public static OffsetCommitResponse CommitFailure(OffsetCommitRequest request, ErrorCode error)
    {
        var response = new OffsetCommitResponse();
        foreach (var topic in request.Topics)
        {
            var topicResponse = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(topicResponse);
            foreach (var partition in topic.Partitions)
                topicResponse.Partitions.Add(new OffsetCommitResponse.OffsetCommitResponsePartition { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
        }

        return response;
    }

    /// <summary>The answer for one group of an OffsetFetch that failed as a whole. Before version 2 each partition carries the error.</summary>
    public static OffsetFetchResponse.OffsetFetchResponseGroup FetchFailure(
        GroupRequestContext context, OffsetFetchRequest.OffsetFetchRequestGroup request, ErrorCode error)
    {
        var response = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = request.GroupId };
        if (context.ApiVersion >= 2)
        {
            response.ErrorCode = error;
            return response;
        }

        foreach (var topic in request.Topics ?? [])
        {
            var topicResponse = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(topicResponse);
            foreach (var partition in topic.PartitionIndexes)
            {
                topicResponse.Partitions.Add(new OffsetFetchResponse.OffsetFetchResponsePartitions
                {
                    PartitionIndex = partition,
                    CommittedOffset = -1,
                    CommittedLeaderEpoch = -1,
                    Metadata = "",
                    ErrorCode = error,
                });
            }
        }

        return response;
    }
}
