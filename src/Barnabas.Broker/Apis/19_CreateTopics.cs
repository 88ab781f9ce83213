// CreateTopics, versions 2-7: topics with partitions, replicas and configuration, all checked before any is written.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class CreateTopicsApi(IController controller)
    : ApiHandler<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, ListenerKind.Any)
{
    protected override async ValueTask<CreateTopicsResponse?> HandleAsync(RequestContext context, CreateTopicsRequest request) =>
        await controller.CreateTopicsAsync(ControllerContexts.Of(context, request.TimeoutMs), request, null, context.Cancellation);

    protected override CreateTopicsResponse ErrorResponse(RequestContext context, CreateTopicsRequest request, KafkaException error)
    {
        var response = new CreateTopicsResponse();
        foreach (var topic in request.Topics)
            response.Topics.Add(new() { Name = topic.Name, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
        return response;
    }
}
