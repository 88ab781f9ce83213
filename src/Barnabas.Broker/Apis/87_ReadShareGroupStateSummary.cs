// ReadShareGroupStateSummary, versions 0-1 (how many records are done with, KIP-1226, from 1): reads start offsets (KIP-932). Brokers send it to the share coordinator.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ReadShareGroupStateSummaryApi(ShareCoordinatorService coordinator) : ApiHandler<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse>(ApiKey.ReadShareGroupStateSummary)
{
    protected override async ValueTask<ReadShareGroupStateSummaryResponse?> HandleAsync(RequestContext context, ReadShareGroupStateSummaryRequest request)
    {
        context.RequireCluster(AclOperation.ClusterAction);
        return await coordinator.ReadSummaryAsync(request);
    }

    protected override ReadShareGroupStateSummaryResponse ErrorResponse(RequestContext context, ReadShareGroupStateSummaryRequest request, KafkaException error) => new()
    {
        Results = [.. request.Topics.Select(topic => new ReadShareGroupStateSummaryResponse.ReadStateSummaryResult
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.Partitions.Select(partition => new ReadShareGroupStateSummaryResponse.PartitionResult { Partition = partition.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message })],
        })],
    };
}
