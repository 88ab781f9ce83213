// IncrementalAlterConfigs, versions 0-1: set, delete, append and subtract key by key (KIP-339). The levels of loggers are set here and now.
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class IncrementalAlterConfigsApi(IController controller, ConfigAdminManager brokerConfigs, RuntimeLoggerManager loggers)
    : ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, ListenerKind.Any)
{
    protected override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(RequestContext context, IncrementalAlterConfigsRequest request)
    {
        var denied = new IncrementalAlterConfigsResponse();
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
        var levels = SetLevels(request);
        var response = await controller.IncrementalAlterConfigsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);
        response.Responses.InsertRange(0, refused);
        response.Responses.InsertRange(0, levels);
        response.Responses.AddRange(denied.Responses);
        return response;
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

    /// <summary>Takes the changes of log levels out of the request and carries them out: they are this node's alone and stand in no log.</summary>
    private List<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> SetLevels(IncrementalAlterConfigsRequest request)
    {
        var answered = new List<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse>();
        var twice = request.Resources.Where(IsLogger).GroupBy(r => r.ResourceName, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var resource in request.Resources.Where(IsLogger).DistinctBy(r => r.ResourceName, StringComparer.Ordinal))
        {
            var answer = new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName };
            answered.Add(answer);
            try
            {
                if (twice.Contains(resource.ResourceName))
                    throw new KafkaException(ErrorCode.InvalidRequest, "Each resource must appear at most once.");
                loggers.Apply(resource, request.ValidateOnly);
            }
            catch (KafkaException e)
            {
                answer.ErrorCode = e.ErrorCode;
                answer.ErrorMessage = e.Message;
            }
        }
        request.Resources.RemoveAll(IsLogger);
        return answered;

        static bool IsLogger(IncrementalAlterConfigsRequest.AlterConfigsResource resource) => resource.ResourceType == (sbyte)ConfigResourceType.BrokerLogger;
    }
}
