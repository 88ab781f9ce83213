using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Apis;

/// <summary>What the nodes of a quorum ask each other. From version 1 on they are told where nodes listen (KIP-853), under the name of the listener they asked on.</summary>
internal abstract class QuorumApi<TRequest, TResponse>(ApiKey key) : ApiHandler<TRequest, TResponse>(key, ListenerKind.Controller)
    where TRequest : class, IRequest<TResponse>
    where TResponse : class, IResponse, new()
{
    private const short FirstVersionWithEndpoints = 1;

    public sealed override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected sealed override async ValueTask<TResponse?> HandleAsync(RequestContext context, TRequest request) =>
        await AnswerAsync(request, context.ApiVersion >= FirstVersionWithEndpoints ? context.ListenerName : null);

    /// <param name="request">The request.</param>
    /// <param name="listenerName">Whose endpoints the answer names; null where it names none.</param>
    protected abstract Task<TResponse> AnswerAsync(TRequest request, string? listenerName);
}
