// DescribeQuorum, versions 0-2: leader, voters and how far they are (KIP-595, KIP-853). Answered by the leader of the quorum.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeQuorumApi(IController controller)
    : ApiHandler<DescribeQuorumRequest, DescribeQuorumResponse>(ApiKey.DescribeQuorum, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Describe;

    protected override async ValueTask<DescribeQuorumResponse?> HandleAsync(RequestContext context, DescribeQuorumRequest request) =>
        await controller.DescribeQuorumAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override DescribeQuorumResponse ErrorResponse(RequestContext context, DescribeQuorumRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
