// DeleteShareGroupState, version 0: forgets state (KIP-932). Brokers send it to the share coordinator.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteShareGroupStateApi(ShareCoordinatorService coordinator) : ApiHandler<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse>(ApiKey.DeleteShareGroupState)
{
    protected override async ValueTask<DeleteShareGroupStateResponse?> HandleAsync(RequestContext context, DeleteShareGroupStateRequest request)
    {
        context.RequireCluster(AclOperation.ClusterAction);
        return await coordinator.DeleteAsync(request);
    }

    protected override DeleteShareGroupStateResponse ErrorResponse(RequestContext context, DeleteShareGroupStateRequest request, KafkaException error) => new()
    {
        Results = [.. request.Topics.Select(topic => new DeleteShareGroupStateResponse.DeleteStateResult
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.Partitions.Select(partition => new DeleteShareGroupStateResponse.PartitionResult { Partition = partition.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message })],
        })],
    };
}
