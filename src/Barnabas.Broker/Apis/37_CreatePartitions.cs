// CreatePartitions, versions 0-3: more partitions for topics; there are never fewer.
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
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
        var response = await controller.CreatePartitionsAsync(asked, request, context.Cancellation);
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
