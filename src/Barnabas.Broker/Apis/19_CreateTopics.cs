// CreateTopics, versions 2-7: topics with partitions, replicas and configuration, all checked before any is written.
// A topic that the client may not create fails alone. Who may not describe the configuration of what they create is not told of it.
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
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
        var denied = TakeDenied(context, request);
        var response = request.Topics.Count == 0 && denied.Count > 0
            ? new CreateTopicsResponse()
            : await controller.CreateTopicsAsync(
                asked, request, topic => context.IsAuthorized(AclOperation.DescribeConfigs, ResourceType.Topic, topic, logIfDenied: false), context.Cancellation);
        foreach (var name in denied)
            response.Topics.Add(new() { Name = name, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = "Authorization failed." });
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

    private static HashSet<string> TakeDenied(RequestContext context, CreateTopicsRequest request)
    {
        if (!context.HasAuthorizer || context.IsClusterAuthorized(AclOperation.Create, logIfDenied: false))
            return [];
        var denied = request.Topics.Select(topic => topic.Name).Where(name => !context.IsAuthorized(AclOperation.Create, ResourceType.Topic, name)).ToHashSet(StringComparer.Ordinal);
        request.Topics.RemoveAll(topic => denied.Contains(topic.Name));
        return denied;
    }
}
