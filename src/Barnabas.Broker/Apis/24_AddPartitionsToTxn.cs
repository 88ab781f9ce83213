// AddPartitionsToTxn, versions 0-5. From version 4 on brokers send it, for several transactions at once, to verify or (version 5) to add.
// All partitions of a transaction are added or none: one that does not exist leaves the others OPERATION_NOT_ATTEMPTED.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AddPartitionsToTxnApi(MetadataCache metadata, TransactionCoordinatorService transactions)
    : ApiHandler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(ApiKey.AddPartitionsToTxn)
{
    private const short FirstVersionWithProducerFenced = 2;
    private const short FirstBatchedVersion = 4;
    private const short FirstVersionWithEpochBump = 5;

    protected override async ValueTask<AddPartitionsToTxnResponse?> HandleAsync(RequestContext context, AddPartitionsToTxnRequest request)
    {
        var response = new AddPartitionsToTxnResponse();
        if (context.ApiVersion >= FirstBatchedVersion)
            context.RequireCluster(AclOperation.ClusterAction);
        if (context.ApiVersion < FirstBatchedVersion)
        {
            response.ResultsByTopicV3AndBelow = await AddAsync(
                context, request.V3AndBelowTransactionalId, new(request.V3AndBelowProducerId, request.V3AndBelowProducerEpoch), false, request.V3AndBelowTopics);
            return response;
        }

        foreach (var transaction in request.Transactions)
        {
            var results = await AddAsync(
                context, transaction.TransactionalId, new(transaction.ProducerId, transaction.ProducerEpoch), transaction.VerifyOnly, transaction.Topics);
            response.ResultsByTransaction.Add(new() { TransactionalId = transaction.TransactionalId, TopicResults = results });
        }

        return response;
    }

    protected override AddPartitionsToTxnResponse ErrorResponse(RequestContext context, AddPartitionsToTxnRequest request, KafkaException error)
    {
        var response = new AddPartitionsToTxnResponse();
        if (context.ApiVersion >= FirstBatchedVersion)
            response.ErrorCode = error.ErrorCode;
        else
            response.ResultsByTopicV3AndBelow = Results(request.V3AndBelowTopics, _ => error.ErrorCode);
        return response;
    }

    private async Task<List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>> AddAsync(
        RequestContext context, string transactionalId, ProducerIdAndEpoch producer, bool isVerifyOnly, List<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics)
    {
        var isOfClient = context.ApiVersion < FirstBatchedVersion;
        if (isOfClient && !context.IsAuthorized(AclOperation.Write, ResourceType.TransactionalId, transactionalId))
            return Results(topics, _ => ErrorCode.TransactionalIdAuthorizationFailed);
        var unauthorized = isOfClient ? topics.FindAll(t => !context.IsAuthorized(AclOperation.Write, ResourceType.Topic, t.Name)).ConvertAll(static t => t.Name) : [];
        var partitions = new HashSet<TopicPartition>();
        var missing = new HashSet<TopicPartition>();
        var image = metadata.Image;
        foreach (var topic in topics)
        {
            foreach (var index in topic.Partitions)
                (image.Topics.FindPartition(topic.Name, index) is null ? missing : partitions).Add(new TopicPartition(topic.Name, index));
        }

        if (missing.Count > 0 || unauthorized.Count > 0)
        {
            return Results(
                topics, p => unauthorized.Contains(p.Topic) ? ErrorCode.TopicAuthorizationFailed
                    : missing.Contains(p) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.OperationNotAttempted);
        }

        if (isVerifyOnly)
        {
            var ordered = partitions.ToArray();
            var errors = await transactions.VerifyPartitionsAsync(transactionalId, producer, ordered);
            return Results(topics, p => errors[Array.IndexOf(ordered, p)]);
        }

        var version = context.ApiVersion >= FirstVersionWithEpochBump ? TransactionVersions.EpochBump : TransactionVersions.None;
        var error = await transactions.AddPartitionsAsync(transactionalId, producer, partitions, version);
        if (error == ErrorCode.ProducerFenced && context.ApiVersion < FirstVersionWithProducerFenced)
            error = ErrorCode.InvalidProducerEpoch;
        return Results(topics, _ => error);
    }

    private static List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult> Results(
        List<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics, Func<TopicPartition, ErrorCode> errorOf)
    {
        var results = new List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>(topics.Count);
        foreach (var topic in topics)
        {
            var result = new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult { Name = topic.Name };
            foreach (var index in topic.Partitions)
                result.ResultsByPartition.Add(new() { PartitionIndex = index, PartitionErrorCode = (short)errorOf(new TopicPartition(topic.Name, index)) });
            results.Add(result);
        }

        return results;
    }
}
