// DescribeProducers, version 0 (KIP-664).
using Barnabas.Broker.Cache;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeProducersApi(ReplicaManager replicas)
    : ApiHandler<DescribeProducersRequest, DescribeProducersResponse>(ApiKey.DescribeProducers)
{
    protected override ValueTask<DescribeProducersResponse?> HandleAsync(RequestContext context, DescribeProducersRequest request) =>
        new(Answer(request, (topic, index) => context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic)
            ? Describe(topic, index)
            : new() { PartitionIndex = index, ErrorCode = ErrorCode.TopicAuthorizationFailed }));

    protected override DescribeProducersResponse ErrorResponse(RequestContext context, DescribeProducersRequest request, KafkaException error) =>
        Answer(request, (_, index) => new() { PartitionIndex = index, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });

    private DescribeProducersResponse.PartitionResponse Describe(string topic, int index)
    {
        var result = new DescribeProducersResponse.PartitionResponse { PartitionIndex = index };
        if (!TopicNames.IsValid(topic))
        {
            result.ErrorCode = ErrorCode.InvalidTopicException;
            return result;
        }
        result.ErrorCode = replicas.FindLeader(topic, index, -1, out var partition);
        if (result.ErrorCode != ErrorCode.None)
            return result;
        foreach (var producer in partition!.Log.ActiveProducers())
        {
            result.ActiveProducers.Add(new()
            {
                ProducerId = producer.ProducerId,
                ProducerEpoch = producer.ProducerEpoch,
                LastSequence = producer.LastSequence,
                LastTimestamp = producer.LastTimestamp,
                CoordinatorEpoch = producer.CoordinatorEpoch,
                CurrentTxnStartOffset = producer.CurrentTransactionStartOffset,
            });
        }
        return result;
    }

    private static DescribeProducersResponse Answer(DescribeProducersRequest request, Func<string, int, DescribeProducersResponse.PartitionResponse> answer)
    {
        var response = new DescribeProducersResponse();
        foreach (var topic in request.Topics)
        {
            var result = new DescribeProducersResponse.TopicResponse { Name = topic.Name };
            foreach (var index in topic.PartitionIndexes)
                result.Partitions.Add(answer(topic.Name, index));
            response.Topics.Add(result);
        }
        return response;
    }
}
