// DeleteTopics, versions 1-6: by name, from version 6 on also by id. delete.topic.enable=false refuses all.
// The id of a topic is no secret, its name is: who may not describe a topic gets its id back without the name.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteTopicsApi(IController controller, MetadataCache metadata, ControllerMutationQuotaManager quotas)
    : ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse>(ApiKey.DeleteTopics, ListenerKind.Any)
{
    private const short FirstVersionThatIsRefused = 5;

    protected override async ValueTask<DeleteTopicsResponse?> HandleAsync(RequestContext context, DeleteTopicsRequest request)
    {
        var quota = quotas.For(context.User, context.ClientId ?? "", isStrict: context.ApiVersion >= FirstVersionThatIsRefused);
        var asked = ControllerContexts.Of(context, request.TimeoutMs) with { CountPartitionChanges = quota is null ? null : quota.Count };
        var denied = TakeDenied(context, request);
        var response = denied.Count > 0 && request.Topics.Count + request.TopicNames.Count == 0
            ? new DeleteTopicsResponse()
            : await controller.DeleteTopicsAsync(asked, request, context.Cancellation);
        response.Responses.AddRange(denied);
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

    private List<DeleteTopicsResponse.DeletableTopicResult> TakeDenied(RequestContext context, DeleteTopicsRequest request)
    {
        List<DeleteTopicsResponse.DeletableTopicResult> denied = [];
        if (!context.HasAuthorizer || context.IsClusterAuthorized(AclOperation.Delete, logIfDenied: false))
            return denied;
        var image = metadata.Image;
        request.TopicNames.RemoveAll(name => IsDenied(name, Uuid.Zero));
        request.Topics.RemoveAll(topic => (topic.Name ?? image.Topics.Find(topic.TopicId)?.Name) is { } name && IsDenied(name, topic.TopicId));
        return denied;

        bool IsDenied(string name, Uuid id)
        {
            if (context.IsAuthorized(AclOperation.Delete, ResourceType.Topic, name))
                return false;
            var isNamed = id == Uuid.Zero || context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, name, logIfDenied: false);
            denied.Add(new() { Name = isNamed ? name : null, TopicId = id, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = ErrorCodes.Message(ErrorCode.TopicAuthorizationFailed) });
            return true;
        }
    }
}
