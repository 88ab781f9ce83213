// AlterConfigs, versions 0-2: the whole configuration of resources is replaced; what is not named goes. Logger levels are not served.
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Resource = Barnabas.Protocol.Messages.AlterConfigsRequest.AlterConfigsResource;

namespace Barnabas.Broker.Apis;

internal sealed class AlterConfigsApi(IController controller, ConfigAdminManager brokerConfigs)
    : AlterConfigsHandler<AlterConfigsRequest, AlterConfigsResponse, Resource>(ApiKey.AlterConfigs)
{
    protected override List<Resource> ResourcesOf(AlterConfigsRequest request) => request.Resources;

    protected override (sbyte Type, string Name) IdOf(Resource resource) => (resource.ResourceType, resource.ResourceName);

    protected override void CheckForThisBroker(Resource resource) => brokerConfigs.Check(resource);

    protected override ValueTask<AlterConfigsResponse> ChangeAsync(RequestContext context, AlterConfigsRequest request) =>
        new(controller.AlterConfigsAsync(ControllerContexts.Of(context, null), request, context.Cancellation));

    protected override void Add(AlterConfigsResponse response, int? index, List<ConfigRefusal> answers) =>
        response.Responses.InsertRange(index ?? response.Responses.Count, answers.Select(answer => new AlterConfigsResponse.AlterConfigsResourceResponse
        {
            ResourceType = answer.Type,
            ResourceName = answer.Name,
            ErrorCode = answer.Error,
            ErrorMessage = answer.Message,
        }));
}
