// UpdateRaftVoter, version 0: a voter tells where it listens and which kraft.version it supports (KIP-853).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class UpdateRaftVoterApi(IController controller)
    : ApiHandler<UpdateRaftVoterRequest, UpdateRaftVoterResponse>(ApiKey.UpdateRaftVoter, ListenerKind.Controller)
{
    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<UpdateRaftVoterResponse?> HandleAsync(RequestContext context, UpdateRaftVoterRequest request) =>
        await controller.UpdateRaftVoterAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override UpdateRaftVoterResponse ErrorResponse(RequestContext context, UpdateRaftVoterRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
