// EndQuorumEpoch, versions 0-1: a leader says that it gives up (KIP-595, KIP-853).
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class EndQuorumEpochApi(RaftDriver quorum) : ApiHandler<EndQuorumEpochRequest, EndQuorumEpochResponse>(ApiKey.EndQuorumEpoch, ListenerKind.Controller)
{
    private const short FirstVersionWithEndpoints = 1;

    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<EndQuorumEpochResponse?> HandleAsync(RequestContext context, EndQuorumEpochRequest request) =>
        await quorum.EndEpochAsync(request, context.ApiVersion >= FirstVersionWithEndpoints ? context.ListenerName : null);

    protected override EndQuorumEpochResponse ErrorResponse(RequestContext context, EndQuorumEpochRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
