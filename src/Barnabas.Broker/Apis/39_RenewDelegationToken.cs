// RenewDelegationToken, versions 0-2 (KIP-48). Refused on connections that have not authenticated, and to those that a token stood for.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class RenewDelegationTokenApi(IController controller)
    : ApiHandler<RenewDelegationTokenRequest, RenewDelegationTokenResponse>(ApiKey.RenewDelegationToken, ListenerKind.Any)
{
    protected override async ValueTask<RenewDelegationTokenResponse?> HandleAsync(RequestContext context, RenewDelegationTokenRequest request) =>
        context.MayUseTokens
            ? await controller.RenewDelegationTokenAsync(ControllerContexts.Of(context, null), request, context.Cancellation)
            : new() { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed };

    protected override RenewDelegationTokenResponse ErrorResponse(RequestContext context, RenewDelegationTokenRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
