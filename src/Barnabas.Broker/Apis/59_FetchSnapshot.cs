// FetchSnapshot, versions 0-1: a part of a snapshot of the metadata log (KIP-630, KIP-853). At most 8 MiB at a time, as in Kafka.
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

internal sealed class FetchSnapshotApi(RaftDriver quorum) : ApiHandler<FetchSnapshotRequest, FetchSnapshotResponse>(ApiKey.FetchSnapshot, ListenerKind.Controller)
{
    private const short FirstVersionWithEndpoints = 1;

    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<FetchSnapshotResponse?> HandleAsync(RequestContext context, FetchSnapshotRequest request) =>
        await quorum.FetchSnapshotAsync(request, context.ApiVersion >= FirstVersionWithEndpoints ? context.ListenerName : null);

    protected override FetchSnapshotResponse ErrorResponse(RequestContext context, FetchSnapshotRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
