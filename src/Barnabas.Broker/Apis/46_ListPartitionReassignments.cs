// ListPartitionReassignments, version 0: the moves under way (KIP-455).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ListPartitionReassignmentsApi(IController controller)
    : ApiHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(ApiKey.ListPartitionReassignments, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Describe;

    protected override async ValueTask<ListPartitionReassignmentsResponse?> HandleAsync(RequestContext context, ListPartitionReassignmentsRequest request) =>
        await controller.ListPartitionReassignmentsAsync(ControllerContexts.Of(context, request.TimeoutMs), request, context.Cancellation);

    protected override ListPartitionReassignmentsResponse ErrorResponse(RequestContext context, ListPartitionReassignmentsRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
