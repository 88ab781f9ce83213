// ReadShareGroupState, version 0: reads state for a partition's leader and fences those before it (KIP-932). Brokers send it to the share coordinator.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ReadShareGroupStateApi(ShareCoordinatorService coordinator) : ApiHandler<ReadShareGroupStateRequest, ReadShareGroupStateResponse>(ApiKey.ReadShareGroupState)
{
    protected override async ValueTask<ReadShareGroupStateResponse?> HandleAsync(RequestContext context, ReadShareGroupStateRequest request)
    {
        context.RequireCluster(AclOperation.ClusterAction);
        return await coordinator.ReadAsync(request);
    }

    protected override ReadShareGroupStateResponse ErrorResponse(RequestContext context, ReadShareGroupStateRequest request, KafkaException error) => new()
    {
        Results = [.. request.Topics.Select(topic => new ReadShareGroupStateResponse.ReadStateResult
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.Partitions.Select(partition => new ReadShareGroupStateResponse.PartitionResult { Partition = partition.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message })],
        })],
    };
}
