// Vote, versions 0-2: a voter asks for this node's vote, or whether it would get it (KIP-595, KIP-853, KIP-996).
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class VoteApi(RaftDriver quorum) : ApiHandler<VoteRequest, VoteResponse>(ApiKey.Vote, ListenerKind.Controller)
{
    private const short FirstVersionWithEndpoints = 1;

    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<VoteResponse?> HandleAsync(RequestContext context, VoteRequest request) =>
        await quorum.VoteAsync(request, context.ApiVersion >= FirstVersionWithEndpoints ? context.ListenerName : null);

    protected override VoteResponse ErrorResponse(RequestContext context, VoteRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
