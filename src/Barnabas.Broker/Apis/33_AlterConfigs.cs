// AlterConfigs, versions 0-2: the whole configuration of resources is replaced; what is not named goes. Logger levels are not served.
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterConfigsApi(IController controller, ConfigAdminManager brokerConfigs)
    : ApiHandler<AlterConfigsRequest, AlterConfigsResponse>(ApiKey.AlterConfigs, ListenerKind.Any)
{
    protected override async ValueTask<AlterConfigsResponse?> HandleAsync(RequestContext context, AlterConfigsRequest request)
    {
        var denied = new AlterConfigsResponse();
        request.Resources.RemoveAll(resource =>
        {
            var error = ConfigAuthorization.Check(context, AclOperation.AlterConfigs, resource.ResourceType, resource.ResourceName);
            if (error != ErrorCode.None)
                denied.Responses.Add(new() { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName, ErrorCode = error, ErrorMessage = ErrorCodes.Message(error) });
            return error != ErrorCode.None;
        });
        if (denied.Responses.Count > 0 && request.Resources.Count == 0)
            return denied;
        // On the controllers' listener the controller alone decides.
        var refused = context.ListenerKind == ListenerKind.Broker ? Refuse(request) : [];
        var response = await controller.AlterConfigsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);
        response.Responses.InsertRange(0, refused);
        response.Responses.AddRange(denied.Responses);
        return response;
    }

    protected override AlterConfigsResponse ErrorResponse(RequestContext context, AlterConfigsRequest request, KafkaException error)
    {
        var response = new AlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            response.Responses.Add(new()
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = error.ErrorCode,
                ErrorMessage = error.Message,
            });
        }
        return response;
    }

    /// <summary>Takes out of the request what this broker cannot run with.</summary>
    private List<AlterConfigsResponse.AlterConfigsResourceResponse> Refuse(AlterConfigsRequest request)
    {
        var refused = new List<AlterConfigsResponse.AlterConfigsResourceResponse>();
        request.Resources.RemoveAll(resource =>
        {
            try
            {
                brokerConfigs.Check(resource);
                return false;
            }
            catch (KafkaException e)
            {
                refused.Add(new() { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName, ErrorCode = e.ErrorCode, ErrorMessage = e.Message });
                return true;
            }
        });
        return refused;
    }
}
