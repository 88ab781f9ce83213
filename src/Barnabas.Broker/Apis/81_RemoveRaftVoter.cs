// RemoveRaftVoter, version 0: a voter leaves the quorum (KIP-853). The only one there is stays, as in Kafka.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class RemoveRaftVoterApi(IController controller) : ApiHandler<RemoveRaftVoterRequest, RemoveRaftVoterResponse>(ApiKey.RemoveRaftVoter, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<RemoveRaftVoterResponse?> HandleAsync(RequestContext context, RemoveRaftVoterRequest request) =>
        await controller.RemoveRaftVoterAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override RemoveRaftVoterResponse ErrorResponse(RequestContext context, RemoveRaftVoterRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
