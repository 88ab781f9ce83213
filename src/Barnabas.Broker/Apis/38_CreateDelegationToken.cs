// CreateDelegationToken, versions 0-3 (another owner from 3, KIP-373) (KIP-48). Refused on connections that have not authenticated, and to those that a token stood for.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class CreateDelegationTokenApi(IController controller)
    : ApiHandler<CreateDelegationTokenRequest, CreateDelegationTokenResponse>(ApiKey.CreateDelegationToken, ListenerKind.Any)
{
    private const short FirstVersionWithRequester = 3;

    protected override async ValueTask<CreateDelegationTokenResponse?> HandleAsync(RequestContext context, CreateDelegationTokenRequest request)
    {
        if (!context.MayUseTokens)
            return Failed(context, ErrorCode.DelegationTokenRequestNotAllowed);
        if (request.OwnerPrincipalName is { Length: > 0 } name)
        {
            var owner = new KafkaPrincipal(request.OwnerPrincipalType ?? KafkaPrincipal.UserType, name);
            if (owner != context.Principal && !context.IsAuthorized(AclOperation.CreateTokens, ResourceType.User, owner.ToString()))
                return Failed(context, ErrorCode.DelegationTokenAuthorizationFailed);
        }
        return await controller.CreateDelegationTokenAsync(ControllerContexts.Of(context, null), request, context.Cancellation);
    }

    protected override CreateDelegationTokenResponse ErrorResponse(RequestContext context, CreateDelegationTokenRequest request, KafkaException error) =>
        Failed(context, error.ErrorCode);

    private static CreateDelegationTokenResponse Failed(RequestContext context, ErrorCode error)
    {
        var response = new CreateDelegationTokenResponse { ErrorCode = error, PrincipalType = context.Principal.Type, PrincipalName = context.Principal.Name };
        if (context.ApiVersion >= FirstVersionWithRequester)
            (response.TokenRequesterPrincipalType, response.TokenRequesterPrincipalName) = (context.Principal.Type, context.Principal.Name);
        return response;
    }
}
