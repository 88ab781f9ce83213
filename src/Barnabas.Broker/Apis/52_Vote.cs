// Vote, versions 0-2: a voter asks for this node's vote, or whether it would get it (KIP-595, KIP-853, KIP-996).
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class VoteApi(RaftDriver quorum) : QuorumApi<VoteRequest, VoteResponse>(ApiKey.Vote)
{
    protected override Task<VoteResponse> AnswerAsync(VoteRequest request, string? listenerName) => quorum.VoteAsync(request, listenerName);

    protected override VoteResponse ErrorResponse(RequestContext context, VoteRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
