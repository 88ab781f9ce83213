// AddRaftVoter, versions 0-1: a replica that follows the metadata log becomes a voter (KIP-853). A quorum has one voter yet, so that a new one
// is told that it lags.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AddRaftVoterApi(IController controller) : ApiHandler<AddRaftVoterRequest, AddRaftVoterResponse>(ApiKey.AddRaftVoter, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<AddRaftVoterResponse?> HandleAsync(RequestContext context, AddRaftVoterRequest request) =>
        await controller.AddRaftVoterAsync(ControllerContexts.Of(context, request.TimeoutMs), request, context.Cancellation);

    protected override AddRaftVoterResponse ErrorResponse(RequestContext context, AddRaftVoterRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
