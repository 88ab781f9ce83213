// WriteTxnMarkers, versions 1-2: markers from a transaction coordinator, or from an administrator who ends a hanging transaction.
using Barnabas.Broker.Requests;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class WriteTxnMarkersApi(TransactionMarkerAppender markers) : ApiHandler<WriteTxnMarkersRequest, WriteTxnMarkersResponse>(ApiKey.WriteTxnMarkers)
{
    public override short LowestVersion => 1;

    protected override async ValueTask<WriteTxnMarkersResponse?> HandleAsync(RequestContext context, WriteTxnMarkersRequest request)
    {
        if (!context.IsClusterAuthorized(AclOperation.Alter))
            context.RequireCluster(AclOperation.ClusterAction);
        var response = new WriteTxnMarkersResponse();
        foreach (var marker in request.Markers)
        {
            if (marker.ProducerId < 0 || marker.ProducerEpoch < 0)
                throw new KafkaException(ErrorCode.UnknownServerError, $"A transaction marker requires a valid producer id and epoch, not {marker.ProducerId} and {marker.ProducerEpoch}");
            var end = new TransactionEnd(marker.ProducerId, marker.ProducerEpoch, marker.CoordinatorEpoch, marker.TransactionResult, marker.TransactionVersion);
            var result = new WriteTxnMarkersResponse.WritableTxnMarkerResult { ProducerId = marker.ProducerId };
            foreach (var topic in marker.Topics)
            {
                var topicResult = new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult { Name = topic.Name };
                foreach (var index in topic.PartitionIndexes)
                    topicResult.Partitions.Add(new() { PartitionIndex = index, ErrorCode = await markers.AppendAsync(new TopicPartition(topic.Name, index), end) });
                result.Topics.Add(topicResult);
            }

            response.Markers.Add(result);
        }

        return response;
    }

    protected override WriteTxnMarkersResponse ErrorResponse(RequestContext context, WriteTxnMarkersRequest request, KafkaException error)
    {
        var response = new WriteTxnMarkersResponse();
        foreach (var marker in request.Markers)
        {
            var result = new WriteTxnMarkersResponse.WritableTxnMarkerResult { ProducerId = marker.ProducerId };
            foreach (var topic in marker.Topics)
            {
                var topicResult = new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult { Name = topic.Name };
                foreach (var index in topic.PartitionIndexes)
                    topicResult.Partitions.Add(new() { PartitionIndex = index, ErrorCode = error.ErrorCode });
                result.Topics.Add(topicResult);
            }

            response.Markers.Add(result);
        }

        return response;
    }
}
