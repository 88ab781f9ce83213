// Heartbeat, versions 0-4.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class HeartbeatApi(GroupCoordinatorService groups) : ApiHandler<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat)
{
    protected override async ValueTask<HeartbeatResponse?> HandleAsync(RequestContext context, HeartbeatRequest request) =>
        await groups.HeartbeatAsync(request);

    protected override HeartbeatResponse ErrorResponse(RequestContext context, HeartbeatRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
