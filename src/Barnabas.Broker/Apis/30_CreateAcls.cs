// CreateAcls, versions 0-3 (prefixed resources from 1, user resources from 3; Apache Kafka 4 dropped 0). SECURITY_DISABLED without an authorizer.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Authorizer;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class CreateAclsApi(IController controller, StandardAuthorizer? authorizer)
    : ApiHandler<CreateAclsRequest, CreateAclsResponse>(ApiKey.CreateAcls, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<CreateAclsResponse?> HandleAsync(RequestContext context, CreateAclsRequest request)
    {
        if (authorizer is null)
            throw new KafkaException(ErrorCode.SecurityDisabled, "No Authorizer is configured.");
        return await controller.CreateAclsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);
    }

    protected override CreateAclsResponse ErrorResponse(RequestContext context, CreateAclsRequest request, KafkaException error) =>
        new() { Results = request.Creations.ConvertAll(_ => new CreateAclsResponse.AclCreationResult { ErrorCode = error.ErrorCode, ErrorMessage = error.Message }) };
}
