// InitProducerId, versions 0-5: an id for an idempotent producer. A transactional id is answered with INVALID_REQUEST: there is no transaction coordinator yet.
using Barnabas.Broker.Node;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class InitProducerIdApi(ProducerIdManager producerIds) : ApiHandler<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId)
{
    private const long NoProducerId = -1;
    private const short NoProducerEpoch = -1;

    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(RequestContext context, InitProducerIdRequest request)
    {
        if (request.TransactionalId is { } transactionalId)
        {
            if (!context.IsAuthorized(AclOperation.Write, ResourceType.TransactionalId, transactionalId))
                throw new KafkaException(ErrorCode.TransactionalIdAuthorizationFailed);
        }
        else if (!context.IsClusterAuthorized(AclOperation.IdempotentWrite) && !context.IsAuthorizedOnSome(AclOperation.Write, ResourceType.Topic))
        {
            throw new KafkaException(ErrorCode.ClusterAuthorizationFailed);
        }
        if (request.TransactionalId is not null)
            throw new KafkaException(ErrorCode.InvalidRequest);
        // An id and an epoch come together or not at all (KIP-360); without transactions the answer is a new id all the same.
        if ((request.ProducerId == NoProducerId) != (request.ProducerEpoch == NoProducerEpoch))
            throw new KafkaException(ErrorCode.InvalidRequest);
        return new InitProducerIdResponse { ProducerId = await producerIds.NextAsync(context.Cancellation), ProducerEpoch = 0 };
    }

    protected override InitProducerIdResponse ErrorResponse(RequestContext context, InitProducerIdRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ProducerId = NoProducerId, ProducerEpoch = NoProducerEpoch };
}
