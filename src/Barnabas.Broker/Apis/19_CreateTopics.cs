// CreateTopics, versions 2-7: topics with partitions, replicas and configuration, all checked before any is written.
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class CreateTopicsApi(IController controller, ControllerMutationQuotaManager quotas)
    : ApiHandler<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, ListenerKind.Any)
{
    private const short FirstVersionThatIsRefused = 6;

    protected override async ValueTask<CreateTopicsResponse?> HandleAsync(RequestContext context, CreateTopicsRequest request)
    {
        var quota = quotas.For(context.User, context.ClientId ?? "", isStrict: context.ApiVersion >= FirstVersionThatIsRefused);
        var asked = ControllerContexts.Of(context, request.TimeoutMs) with { CountPartitionChanges = quota is null ? null : quota.Count };
        var response = await controller.CreateTopicsAsync(asked, request, null, context.Cancellation);
        context.Throttle(quota?.ThrottleMs ?? 0);
        return response;
    }

    protected override CreateTopicsResponse ErrorResponse(RequestContext context, CreateTopicsRequest request, KafkaException error)
    {
        var response = new CreateTopicsResponse();
        foreach (var topic in request.Topics)
            response.Topics.Add(new() { Name = topic.Name, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
        return response;
    }
}
