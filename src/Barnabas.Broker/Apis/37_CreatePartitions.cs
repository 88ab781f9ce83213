// CreatePartitions, versions 0-3: more partitions for topics; there are never fewer.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class CreatePartitionsApi(IController controller)
    : ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse>(ApiKey.CreatePartitions, ListenerKind.Any)
{
    protected override async ValueTask<CreatePartitionsResponse?> HandleAsync(RequestContext context, CreatePartitionsRequest request) =>
        await controller.CreatePartitionsAsync(ControllerContexts.Of(context, request.TimeoutMs), request, context.Cancellation);

    protected override CreatePartitionsResponse ErrorResponse(RequestContext context, CreatePartitionsRequest request, KafkaException error)
    {
        var response = new CreatePartitionsResponse();
        foreach (var topic in request.Topics)
            response.Results.Add(new() { Name = topic.Name, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
        return response;
    }
}
