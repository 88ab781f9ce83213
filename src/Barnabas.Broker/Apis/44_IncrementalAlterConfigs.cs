// IncrementalAlterConfigs, versions 0-1: set, delete, append and subtract key by key (KIP-339). Logger levels are not served.
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class IncrementalAlterConfigsApi(IController controller, ConfigAdminManager brokerConfigs)
    : ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, ListenerKind.Any)
{
    protected override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(RequestContext context, IncrementalAlterConfigsRequest request)
    {
        // On the controllers' listener the controller alone decides.
        var refused = context.ListenerKind == ListenerKind.Broker ? Refuse(request) : [];
        var answer = await controller.IncrementalAlterConfigsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);
        answer.Responses.InsertRange(0, refused);
        return answer;
    }

    protected override IncrementalAlterConfigsResponse ErrorResponse(RequestContext context, IncrementalAlterConfigsRequest request, KafkaException error)
    {
        var response = new IncrementalAlterConfigsResponse();
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
    private List<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> Refuse(IncrementalAlterConfigsRequest request)
    {
        var refused = new List<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse>();
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
