// DeleteAcls, versions 0-3 (prefixed resources from 1, user resources from 3; Apache Kafka 4 dropped 0). SECURITY_DISABLED without an authorizer.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Authorizer;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteAclsApi(IController controller, StandardAuthorizer? authorizer)
    : ApiHandler<DeleteAclsRequest, DeleteAclsResponse>(ApiKey.DeleteAcls, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<DeleteAclsResponse?> HandleAsync(RequestContext context, DeleteAclsRequest request)
    {
        if (authorizer is null)
            throw new KafkaException(ErrorCode.SecurityDisabled, "No Authorizer is configured.");
        return await controller.DeleteAclsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);
    }

    protected override DeleteAclsResponse ErrorResponse(RequestContext context, DeleteAclsRequest request, KafkaException error) =>
        new() { FilterResults = request.Filters.ConvertAll(_ => new DeleteAclsResponse.DeleteAclsFilterResult { ErrorCode = error.ErrorCode, ErrorMessage = error.Message }) };
}
