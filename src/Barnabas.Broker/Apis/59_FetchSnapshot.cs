// FetchSnapshot, versions 0-1: a part of a snapshot of the metadata log (KIP-630, KIP-853). At most 8 MiB at a time, as in Kafka.
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class FetchSnapshotApi(RaftDriver quorum) : QuorumApi<FetchSnapshotRequest, FetchSnapshotResponse>(ApiKey.FetchSnapshot)
{
    protected override Task<FetchSnapshotResponse> AnswerAsync(FetchSnapshotRequest request, string? listenerName) => quorum.FetchSnapshotAsync(request, listenerName);

    protected override FetchSnapshotResponse ErrorResponse(RequestContext context, FetchSnapshotRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
