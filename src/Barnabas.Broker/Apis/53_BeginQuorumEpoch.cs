// BeginQuorumEpoch, versions 0-1: a voter says that it leads (KIP-595, KIP-853).
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class BeginQuorumEpochApi(RaftDriver quorum) : QuorumApi<BeginQuorumEpochRequest, BeginQuorumEpochResponse>(ApiKey.BeginQuorumEpoch)
{
    protected override Task<BeginQuorumEpochResponse> AnswerAsync(BeginQuorumEpochRequest request, string? listenerName) => quorum.BeginEpochAsync(request, listenerName);

    protected override BeginQuorumEpochResponse ErrorResponse(RequestContext context, BeginQuorumEpochRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
