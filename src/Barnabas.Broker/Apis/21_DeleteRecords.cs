// DeleteRecords, versions 0-2: moves the log start offset; -1 means up to the high watermark.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteRecordsApi(ReplicaManager replicas) : ApiHandler<DeleteRecordsRequest, DeleteRecordsResponse>(ApiKey.DeleteRecords)
{
    private const long HighWatermark = -1;

    protected override ValueTask<DeleteRecordsResponse?> HandleAsync(RequestContext context, DeleteRecordsRequest request) =>
        new(Answer(request, (topic, partition) =>
        {
            if (!context.IsAuthorized(AclOperation.Delete, ResourceType.Topic, topic))
                return Failed(partition, ErrorCode.TopicAuthorizationFailed);
            try
            {
                return new() { PartitionIndex = partition.PartitionIndex, LowWatermark = Delete(topic, partition) };
            }
            catch (KafkaException e)
            {
                return Failed(partition, e.ErrorCode);
            }
        }));

    protected override DeleteRecordsResponse ErrorResponse(RequestContext context, DeleteRecordsRequest request, KafkaException error) =>
        Answer(request, (_, partition) => Failed(partition, error.ErrorCode));

    private long Delete(string topic, DeleteRecordsRequest.DeleteRecordsPartition asked)
    {
        if (TopicNames.IsInternal(topic))
            throw new KafkaException(ErrorCode.InvalidTopicException, $"Cannot delete records of internal topic {topic}");
        var partition = replicas.GetLeader(new TopicPartition(topic, asked.PartitionIndex));
        var log = partition.Log;
        if (!log.Config.Delete)
            throw new KafkaException(ErrorCode.PolicyViolation, $"Records of partition {partition.TopicPartition} can not be deleted due to the configured policy");
        var offset = asked.Offset == HighWatermark ? log.HighWatermark : asked.Offset;
        if (offset < 0)
            throw new KafkaException(ErrorCode.OffsetOutOfRange, $"The offset {offset} for partition {partition.TopicPartition} is not valid");
        log.MaybeIncrementLogStartOffset(offset);
        return log.LogStartOffset;
    }

    private static DeleteRecordsResponse.DeleteRecordsPartitionResult Failed(DeleteRecordsRequest.DeleteRecordsPartition partition, ErrorCode error) =>
        new() { PartitionIndex = partition.PartitionIndex, LowWatermark = -1, ErrorCode = error };

    private static DeleteRecordsResponse Answer(
        DeleteRecordsRequest request, Func<string, DeleteRecordsRequest.DeleteRecordsPartition, DeleteRecordsResponse.DeleteRecordsPartitionResult> answer)
    {
        var response = new DeleteRecordsResponse();
        foreach (var topic in request.Topics)
        {
            var result = new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name };
            foreach (var partition in topic.Partitions)
                result.Partitions.Add(answer(topic.Name, partition));
            response.Topics.Add(result);
        }
        return response;
    }
}
