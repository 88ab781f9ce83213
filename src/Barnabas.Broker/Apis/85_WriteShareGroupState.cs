// WriteShareGroupState, versions 0-1 (how many records are done with, KIP-1226, from 1): writes what has changed of state (KIP-932). Brokers send it to the share coordinator.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class WriteShareGroupStateApi(ShareCoordinatorService coordinator) : ApiHandler<WriteShareGroupStateRequest, WriteShareGroupStateResponse>(ApiKey.WriteShareGroupState)
{
    protected override async ValueTask<WriteShareGroupStateResponse?> HandleAsync(RequestContext context, WriteShareGroupStateRequest request)
    {
        context.RequireCluster(AclOperation.ClusterAction);
        return await coordinator.WriteAsync(request);
    }

    protected override WriteShareGroupStateResponse ErrorResponse(RequestContext context, WriteShareGroupStateRequest request, KafkaException error) => new()
    {
        Results = [.. request.Topics.Select(topic => new WriteShareGroupStateResponse.WriteStateResult
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.Partitions.Select(partition => new WriteShareGroupStateResponse.PartitionResult { Partition = partition.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message })],
        })],
    };
}
