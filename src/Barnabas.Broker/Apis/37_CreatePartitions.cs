// CreatePartitions, versions 0-3: more partitions for topics; there are never fewer.
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class CreatePartitionsApi(IController controller, ControllerMutationQuotaManager quotas)
    : ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse>(ApiKey.CreatePartitions, ListenerKind.Any)
{
    private const short FirstVersionThatIsRefused = 3;

    protected override async ValueTask<CreatePartitionsResponse?> HandleAsync(RequestContext context, CreatePartitionsRequest request)
    {
        var quota = quotas.For(context.User, context.ClientId ?? "", isStrict: context.ApiVersion >= FirstVersionThatIsRefused);
        var asked = ControllerContexts.Of(context, request.TimeoutMs) with { CountPartitionChanges = quota is null ? null : quota.Count };
        var denied = request.Topics.FindAll(topic => !context.IsAuthorized(AclOperation.Alter, ResourceType.Topic, topic.Name));
        request.Topics.RemoveAll(denied.Contains);
        var response = denied.Count > 0 && request.Topics.Count == 0
            ? new CreatePartitionsResponse()
            : await controller.CreatePartitionsAsync(asked, request, context.Cancellation);
        foreach (var name in denied.Select(topic => topic.Name).Distinct())
            response.Results.Add(new() { Name = name, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = ErrorCodes.Message(ErrorCode.TopicAuthorizationFailed) });
        context.Throttle(quota?.ThrottleMs ?? 0);
        return response;
    }

    protected override CreatePartitionsResponse ErrorResponse(RequestContext context, CreatePartitionsRequest request, KafkaException error)
    {
        var response = new CreatePartitionsResponse();
        foreach (var topic in request.Topics)
            response.Results.Add(new() { Name = topic.Name, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
        return response;
    }
}
