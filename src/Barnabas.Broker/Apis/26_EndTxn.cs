// EndTxn, versions 0-5: commits or aborts. From version 5 on (transaction version 2) the answer has the epoch of the next transaction.
using Barnabas.Broker.Requests;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class EndTxnApi(TransactionCoordinatorService transactions) : ApiHandler<EndTxnRequest, EndTxnResponse>(ApiKey.EndTxn)
{
    private const short FirstVersionWithProducerFenced = 2;
    private const short FirstVersionWithEpochBump = 5;

    protected override async ValueTask<EndTxnResponse?> HandleAsync(RequestContext context, EndTxnRequest request)
    {
        if (!context.IsAuthorized(AclOperation.Write, ResourceType.TransactionalId, request.TransactionalId))
            throw new KafkaException(ErrorCode.TransactionalIdAuthorizationFailed);
        var version = context.ApiVersion >= FirstVersionWithEpochBump ? TransactionVersions.EpochBump : TransactionVersions.None;
        var answer = await transactions.EndTransactionAsync(
            new EndTransaction(request.TransactionalId, new(request.ProducerId, request.ProducerEpoch), request.Committed, version));
        var error = answer.Error == ErrorCode.ProducerFenced && context.ApiVersion < FirstVersionWithProducerFenced ? ErrorCode.InvalidProducerEpoch : answer.Error;
        return new EndTxnResponse { ErrorCode = error, ProducerId = answer.ProducerId, ProducerEpoch = answer.ProducerEpoch };
    }

    protected override EndTxnResponse ErrorResponse(RequestContext context, EndTxnRequest request, KafkaException error) => new() { ErrorCode = error.ErrorCode };
}
