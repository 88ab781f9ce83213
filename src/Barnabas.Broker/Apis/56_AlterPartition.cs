// AlterPartition, versions 2-3: a leader tells the controller its in-sync replicas (KIP-497, KIP-903).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterPartitionApi(IController controller)
    : ApiHandler<AlterPartitionRequest, AlterPartitionResponse>(ApiKey.AlterPartition, ListenerKind.Controller)
{
    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<AlterPartitionResponse?> HandleAsync(RequestContext context, AlterPartitionRequest request) =>
        await controller.AlterPartitionAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override AlterPartitionResponse ErrorResponse(RequestContext context, AlterPartitionRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode };
}
