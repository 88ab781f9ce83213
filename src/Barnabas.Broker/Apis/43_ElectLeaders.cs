// ElectLeaders, versions 0-2: preferred or unclean leaders, of some partitions or all (KIP-460).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ElectLeadersApi(IController controller)
    : ApiHandler<ElectLeadersRequest, ElectLeadersResponse>(ApiKey.ElectLeaders, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<ElectLeadersResponse?> HandleAsync(RequestContext context, ElectLeadersRequest request) =>
        await controller.ElectLeadersAsync(ControllerContexts.Of(context, request.TimeoutMs), request, context.Cancellation);

    protected override ElectLeadersResponse ErrorResponse(RequestContext context, ElectLeadersRequest request, KafkaException error)
    {
        // Version 0 tells errors by partition alone.
        var response = new ElectLeadersResponse { ErrorCode = context.ApiVersion >= 1 ? error.ErrorCode : ErrorCode.None };
        foreach (var topic in request.TopicPartitions ?? [])
        {
            var result = new ElectLeadersResponse.ReplicaElectionResult { Topic = topic.Topic };
            foreach (var partition in topic.Partitions)
                result.PartitionResult.Add(new() { PartitionId = partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
            response.ReplicaElectionResults.Add(result);
        }
        return response;
    }
}
