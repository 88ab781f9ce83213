// InitializeShareGroupState, version 0: begins the state of share partitions (KIP-932). Brokers send it to the share coordinator.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class InitializeShareGroupStateApi(ShareCoordinatorService coordinator) : ApiHandler<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse>(ApiKey.InitializeShareGroupState)
{
    protected override async ValueTask<InitializeShareGroupStateResponse?> HandleAsync(RequestContext context, InitializeShareGroupStateRequest request)
    {
        context.RequireCluster(AclOperation.ClusterAction);
        return await coordinator.InitializeAsync(request);
    }

    protected override InitializeShareGroupStateResponse ErrorResponse(RequestContext context, InitializeShareGroupStateRequest request, KafkaException error) => new()
    {
        Results = [.. request.Topics.Select(topic => new InitializeShareGroupStateResponse.InitializeStateResult
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.Partitions.Select(partition => new InitializeShareGroupStateResponse.PartitionResult { Partition = partition.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message })],
        })],
    };
}
