// InitProducerId, versions 0-5 (6, two-phase commit, where unstable versions are served): an id for an idempotent producer, or the next epoch of a transactional id (KIP-98, KIP-360).
// Before version 4 PRODUCER_FENCED is told as INVALID_PRODUCER_EPOCH, which older clients know.
using Barnabas.Broker.Node;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class InitProducerIdApi(ProducerIdManager producerIds, TransactionCoordinatorService transactions)
    : ApiHandler<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId)
{
    private const short FirstVersionWithProducerFenced = 4;
    private const long NoProducerId = -1;
    private const short NoProducerEpoch = -1;

    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(RequestContext context, InitProducerIdRequest request)
    {
        if (request.TransactionalId is { } id)
        {
            if (!context.IsAuthorized(AclOperation.Write, ResourceType.TransactionalId, id)
                || (request.Enable2Pc && !context.IsAuthorized(AclOperation.TwoPhaseCommit, ResourceType.TransactionalId, id)))
                throw new KafkaException(ErrorCode.TransactionalIdAuthorizationFailed);
        }
        else if (!context.IsClusterAuthorized(AclOperation.IdempotentWrite) && !context.IsAuthorizedOnSome(AclOperation.Write, ResourceType.Topic))
        {
            throw new KafkaException(ErrorCode.ClusterAuthorizationFailed);
        }

        // An id and an epoch come together or not at all (KIP-360).
        if ((request.ProducerId == NoProducerId) != (request.ProducerEpoch == NoProducerEpoch))
            throw new KafkaException(ErrorCode.InvalidRequest);
        if (request.TransactionalId is not { } transactionalId)
            return new InitProducerIdResponse { ProducerId = await producerIds.NextAsync(context.Cancellation), ProducerEpoch = 0 };
        ProducerIdAndEpoch? expected = request.ProducerId == NoProducerId ? null : new ProducerIdAndEpoch(request.ProducerId, request.ProducerEpoch);
        var answer = await transactions.InitProducerIdAsync(
            new InitProducerId(transactionalId, request.TransactionTimeoutMs, request.Enable2Pc, request.KeepPreparedTxn, expected));
        return new InitProducerIdResponse { ErrorCode = ToWire(answer.Error, context.ApiVersion), ProducerId = answer.ProducerId, ProducerEpoch = answer.ProducerEpoch };
    }

    protected override InitProducerIdResponse ErrorResponse(RequestContext context, InitProducerIdRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ProducerId = NoProducerId, ProducerEpoch = NoProducerEpoch };

    private static ErrorCode ToWire(ErrorCode error, short version) =>
        error == ErrorCode.ProducerFenced && version < FirstVersionWithProducerFenced ? ErrorCode.InvalidProducerEpoch : error;
}
