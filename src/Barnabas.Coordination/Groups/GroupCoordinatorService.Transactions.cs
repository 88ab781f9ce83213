using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    /// <summary>What is wrong with a TxnOffsetCommit before anybody has to be asked, or NONE.</summary>
    public ErrorCode CheckTransactionalCommit(TxnOffsetCommitRequest request) => CheckGroup(request.GroupId);

    /// <summary>TxnOffsetCommit of partitions that exist: the offsets count when the producer's transaction commits.</summary>
    public Task<TxnOffsetCommitResponse> CommitTransactionalOffsetsAsync(GroupRequestContext context, TxnOffsetCommitRequest request, TransactionalProducer producer) =>
        AnswerAsync(
            _runtime.WriteTransactionalAsync(ShardOf(request.GroupId), producer, shard => shard.CommitTransactionalOffsets(context, request)),
            failure => CommitFailure(request, failure));

    /// <summary>Ends a producer's transaction in one partition of <see cref="TopicName"/>: its offsets count from now on, or are dropped.</summary>
    /// <exception cref="KafkaException">(In the task.) NOT_LEADER_OR_FOLLOWER where this node does not coordinate the partition; INVALID_PRODUCER_EPOCH; TRANSACTION_COORDINATOR_FENCED.</exception>
    public async Task CompleteTransactionAsync(int partition, TransactionEnd end)
    {
        try
        {
            await _runtime.CompleteTransactionAsync(new TopicPartition(TopicName, partition), end);
        }
        catch (KafkaException e) when (e.ErrorCode is ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable)
        {
            // Who writes markers knows the errors of logs, not those of coordinators.
            throw new KafkaException(ErrorCode.NotLeaderOrFollower, e.Message, e);
        }
    }

    /// <summary>The answer to a TxnOffsetCommit that failed as a whole.</summary>
    public static TxnOffsetCommitResponse CommitFailure(TxnOffsetCommitRequest request, ErrorCode error)
    {
        var response = new TxnOffsetCommitResponse();
        foreach (var topic in request.Topics)
        {
            var topicResponse = new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic { Name = topic.Name };
            response.Topics.Add(topicResponse);
            foreach (var partition in topic.Partitions)
                topicResponse.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
        }

        return response;
    }
}
