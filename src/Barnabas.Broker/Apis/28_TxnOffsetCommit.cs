// TxnOffsetCommit, versions 0-5: offsets that count when the producer's transaction commits.
// From version 5 on the group's partition joins the transaction by it; before, it has to have been added (KIP-890).
using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class TxnOffsetCommitApi(MetadataCache metadata, GroupCoordinatorService groups, TransactionVerifier verifier)
    : ApiHandler<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(ApiKey.TxnOffsetCommit)
{
    private const int NoSequence = -1;
    private const short FirstVersionWithLoadInProgress = 2;

    protected override async ValueTask<TxnOffsetCommitResponse?> HandleAsync(RequestContext context, TxnOffsetCommitRequest request)
    {
        if (!context.IsAuthorized(AclOperation.Write, ResourceType.TransactionalId, request.TransactionalId))
            throw new KafkaException(ErrorCode.TransactionalIdAuthorizationFailed);
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
            throw new KafkaException(ErrorCode.GroupAuthorizationFailed);
        var response = new TxnOffsetCommitResponse();
        Split(context, metadata.Image, request, response);
        if (request.Topics.Count == 0)
            return response;

        Merge(response, await CommitAsync(context, request));
        if (context.ApiVersion < FirstVersionWithLoadInProgress)
            ForOldClients(response);
        return response;
    }

    protected override TxnOffsetCommitResponse ErrorResponse(RequestContext context, TxnOffsetCommitRequest request, KafkaException error) =>
        GroupCoordinatorService.CommitFailure(request, error.ErrorCode);

    private async Task<TxnOffsetCommitResponse> CommitAsync(RequestContext context, TxnOffsetCommitRequest request)
    {
        var refused = groups.CheckTransactionalCommit(request);
        if (refused != ErrorCode.None)
            return GroupCoordinatorService.CommitFailure(request, refused);
        var partition = new TopicPartition(TopicNames.ConsumerOffsets, groups.PartitionFor(request.GroupId));
        var verified = await verifier.VerifyAsync(
            partition, NoSequence, request.TransactionalId, new(request.ProducerId, request.ProducerEpoch),
            TransactionVerifier.OfOffsetCommit(context.ApiVersion), context.Cancellation);
        if (verified.Error != ErrorCode.None)
            return GroupCoordinatorService.CommitFailure(request, CoordinatorErrors.ToClientError(new KafkaException(verified.Error)));
        return await groups.CommitTransactionalOffsetsAsync(
            GroupRequests.ContextOf(context), request, new TransactionalProducer(request.ProducerId, request.ProducerEpoch, verified.Guard));
    }

    /// <summary>Keeps the partitions that exist and answers the others.</summary>
    private static void Split(RequestContext context, MetadataImage image, TxnOffsetCommitRequest request, TxnOffsetCommitResponse response)
    {
        foreach (var topic in request.Topics)
        {
            var isAuthorized = context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic.Name);
            var found = isAuthorized ? image.Topics.Find(topic.Name) : null;
            var missing = topic.Partitions.FindAll(p => found?.Partition(p.PartitionIndex) is null);
            if (missing.Count == 0)
                continue;
            var failed = new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic { Name = topic.Name };
            foreach (var partition in missing)
                failed.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = isAuthorized ? ErrorCode.UnknownTopicOrPartition : ErrorCode.TopicAuthorizationFailed });
            response.Topics.Add(failed);
            topic.Partitions.RemoveAll(missing.Contains);
        }

        request.Topics.RemoveAll(topic => topic.Partitions.Count == 0);
    }

    private static void Merge(TxnOffsetCommitResponse response, TxnOffsetCommitResponse committed)
    {
        foreach (var topic in committed.Topics)
        {
            if (response.Topics.Find(other => other.Name == topic.Name) is { } existing)
                existing.Partitions.AddRange(topic.Partitions);
            else
                response.Topics.Add(topic);
        }
    }

    /// <summary>Clients of the first versions repeat COORDINATOR_NOT_AVAILABLE, not COORDINATOR_LOAD_IN_PROGRESS.</summary>
    private static void ForOldClients(TxnOffsetCommitResponse response)
    {
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode == ErrorCode.CoordinatorLoadInProgress)
                    partition.ErrorCode = ErrorCode.CoordinatorNotAvailable;
            }
        }
    }
}
