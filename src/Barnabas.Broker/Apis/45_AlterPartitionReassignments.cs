// AlterPartitionReassignments, versions 0-1: moves partitions to other brokers, or stops that (KIP-455).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterPartitionReassignmentsApi(IController controller)
    : ApiHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(ApiKey.AlterPartitionReassignments, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<AlterPartitionReassignmentsResponse?> HandleAsync(RequestContext context, AlterPartitionReassignmentsRequest request) =>
        await controller.AlterPartitionReassignmentsAsync(ControllerContexts.Of(context, request.TimeoutMs), request, context.Cancellation);

    protected override AlterPartitionReassignmentsResponse ErrorResponse(RequestContext context, AlterPartitionReassignmentsRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
