// AddOffsetsToTxn, versions 0-4: adds the group's partition of __consumer_offsets to the transaction. Before transaction version 2.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AddOffsetsToTxnApi(GroupCoordinatorService groups, TransactionCoordinatorService transactions)
    : ApiHandler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(ApiKey.AddOffsetsToTxn)
{
    private const short FirstVersionWithProducerFenced = 2;

    protected override async ValueTask<AddOffsetsToTxnResponse?> HandleAsync(RequestContext context, AddOffsetsToTxnRequest request)
    {
        if (!context.IsAuthorized(AclOperation.Write, ResourceType.TransactionalId, request.TransactionalId))
            return new AddOffsetsToTxnResponse { ErrorCode = ErrorCode.TransactionalIdAuthorizationFailed };
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
            return new AddOffsetsToTxnResponse { ErrorCode = ErrorCode.GroupAuthorizationFailed };
        var partition = new TopicPartition(TopicNames.ConsumerOffsets, groups.PartitionFor(request.GroupId));
        var error = await transactions.AddPartitionsAsync(
            request.TransactionalId, new(request.ProducerId, request.ProducerEpoch), [partition], TransactionVersions.None);
        if (error == ErrorCode.ProducerFenced && context.ApiVersion < FirstVersionWithProducerFenced)
            error = ErrorCode.InvalidProducerEpoch;
        return new AddOffsetsToTxnResponse { ErrorCode = error };
    }

    protected override AddOffsetsToTxnResponse ErrorResponse(RequestContext context, AddOffsetsToTxnRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
