// ExpireDelegationToken, versions 0-2 (KIP-48). Refused on connections that have not authenticated, and to those that a token stood for.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ExpireDelegationTokenApi(IController controller)
    : ApiHandler<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse>(ApiKey.ExpireDelegationToken, ListenerKind.Any)
{
    protected override async ValueTask<ExpireDelegationTokenResponse?> HandleAsync(RequestContext context, ExpireDelegationTokenRequest request) =>
        context.MayUseTokens
            ? await controller.ExpireDelegationTokenAsync(ControllerContexts.Of(context, null), request, context.Cancellation)
            : new() { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed };

    protected override ExpireDelegationTokenResponse ErrorResponse(RequestContext context, ExpireDelegationTokenRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
