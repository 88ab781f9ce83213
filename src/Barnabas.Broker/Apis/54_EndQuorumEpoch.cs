// EndQuorumEpoch, versions 0-1: a leader says that it gives up (KIP-595, KIP-853).
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class EndQuorumEpochApi(RaftDriver quorum) : QuorumApi<EndQuorumEpochRequest, EndQuorumEpochResponse>(ApiKey.EndQuorumEpoch)
{
    protected override Task<EndQuorumEpochResponse> AnswerAsync(EndQuorumEpochRequest request, string? listenerName) => quorum.EndEpochAsync(request, listenerName);

    protected override EndQuorumEpochResponse ErrorResponse(RequestContext context, EndQuorumEpochRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
