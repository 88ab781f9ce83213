// DeleteTopics, versions 1-6: by name, from version 6 on also by id. delete.topic.enable=false refuses all.
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteTopicsApi(IController controller, ControllerMutationQuotaManager quotas)
    : ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse>(ApiKey.DeleteTopics, ListenerKind.Any)
{
    private const short FirstVersionThatIsRefused = 5;

    protected override async ValueTask<DeleteTopicsResponse?> HandleAsync(RequestContext context, DeleteTopicsRequest request)
    {
        var quota = quotas.For(context.User, context.ClientId ?? "", isStrict: context.ApiVersion >= FirstVersionThatIsRefused);
        var asked = ControllerContexts.Of(context, request.TimeoutMs) with { CountPartitionChanges = quota is null ? null : quota.Count };
        var response = await controller.DeleteTopicsAsync(asked, request, context.Cancellation);
        context.Throttle(quota?.ThrottleMs ?? 0);
        return response;
    }

    protected override DeleteTopicsResponse ErrorResponse(RequestContext context, DeleteTopicsRequest request, KafkaException error)
    {
        var response = new DeleteTopicsResponse();
        foreach (var topic in request.Topics)
            response.Responses.Add(new() { Name = topic.Name, TopicId = topic.TopicId, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
        foreach (var name in request.TopicNames)
            response.Responses.Add(new() { Name = name, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
        return response;
    }
}
