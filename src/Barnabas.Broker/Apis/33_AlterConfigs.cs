// AlterConfigs, versions 0-2: the whole configuration of resources is replaced; what is not named goes. Logger levels are not served.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterConfigsApi(IController controller)
    : ApiHandler<AlterConfigsRequest, AlterConfigsResponse>(ApiKey.AlterConfigs, ListenerKind.Any)
{
    protected override async ValueTask<AlterConfigsResponse?> HandleAsync(RequestContext context, AlterConfigsRequest request) =>
        await controller.AlterConfigsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

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
}
