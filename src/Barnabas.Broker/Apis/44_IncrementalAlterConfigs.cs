// IncrementalAlterConfigs, versions 0-1: set, delete, append and subtract key by key (KIP-339). The levels of loggers are set here and now.
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Resource = Barnabas.Protocol.Messages.IncrementalAlterConfigsRequest.AlterConfigsResource;

namespace Barnabas.Broker.Apis;

internal sealed class IncrementalAlterConfigsApi(IController controller, ConfigAdminManager brokerConfigs, RuntimeLoggerManager loggers)
    : AlterConfigsHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, Resource>(ApiKey.IncrementalAlterConfigs)
{
    protected override List<Resource> ResourcesOf(IncrementalAlterConfigsRequest request) => request.Resources;

    protected override (sbyte Type, string Name) IdOf(Resource resource) => (resource.ResourceType, resource.ResourceName);

    protected override void CheckForThisBroker(Resource resource) => brokerConfigs.Check(resource);

    protected override ValueTask<IncrementalAlterConfigsResponse> ChangeAsync(RequestContext context, IncrementalAlterConfigsRequest request) =>
        new(controller.IncrementalAlterConfigsAsync(ControllerContexts.Of(context, null), request, context.Cancellation));

    /// <summary>Levels of loggers are this node's alone and stand in no log.</summary>
    protected override List<ConfigRefusal> ChangeHere(IncrementalAlterConfigsRequest request)
    {
        var answers = new List<ConfigRefusal>();
        foreach (var sameName in request.Resources.Where(IsLogger).GroupBy(resource => resource.ResourceName, StringComparer.Ordinal))
        {
            var resource = sameName.First();
            var answer = new ConfigRefusal(resource.ResourceType, resource.ResourceName, ErrorCode.None, null);
            try
            {
                if (sameName.Count() > 1)
                    throw new KafkaException(ErrorCode.InvalidRequest, "Each resource must appear at most once.");
                loggers.Apply(resource, request.ValidateOnly);
            }
            catch (KafkaException e)
            {
                answer = answer with { Error = e.ErrorCode, Message = e.Message };
            }
            answers.Add(answer);
        }
        request.Resources.RemoveAll(IsLogger);
        return answers;

        static bool IsLogger(Resource resource) => resource.ResourceType == (sbyte)ConfigResourceType.BrokerLogger;
    }

    protected override void Add(IncrementalAlterConfigsResponse response, int? index, List<ConfigRefusal> answers) =>
        response.Responses.InsertRange(index ?? response.Responses.Count, answers.Select(answer => new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
        {
            ResourceType = answer.Type,
            ResourceName = answer.Name,
            ErrorCode = answer.Error,
            ErrorMessage = answer.Message,
        }));
}
