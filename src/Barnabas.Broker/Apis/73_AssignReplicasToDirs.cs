// AssignReplicasToDirs, version 0: a broker tells which log directories hold replicas (KIP-858).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AssignReplicasToDirsApi(IController controller)
    : ApiHandler<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse>(ApiKey.AssignReplicasToDirs, ListenerKind.Controller)
{
    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<AssignReplicasToDirsResponse?> HandleAsync(RequestContext context, AssignReplicasToDirsRequest request) =>
        await controller.AssignReplicasToDirsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override AssignReplicasToDirsResponse ErrorResponse(RequestContext context, AssignReplicasToDirsRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode };
}
