// BeginQuorumEpoch, versions 0-1: a voter says that it leads (KIP-595, KIP-853).
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class BeginQuorumEpochApi(RaftDriver quorum) : ApiHandler<BeginQuorumEpochRequest, BeginQuorumEpochResponse>(ApiKey.BeginQuorumEpoch, ListenerKind.Controller)
{
    private const short FirstVersionWithEndpoints = 1;

    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<BeginQuorumEpochResponse?> HandleAsync(RequestContext context, BeginQuorumEpochRequest request) =>
        await quorum.BeginEpochAsync(request, context.ApiVersion >= FirstVersionWithEndpoints ? context.ListenerName : null);

    protected override BeginQuorumEpochResponse ErrorResponse(RequestContext context, BeginQuorumEpochRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
