// OffsetForLeaderEpoch, versions 0-4: where a leader epoch ended, so that a client finds out whether its records were truncated (KIP-320).
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class OffsetForLeaderEpochApi(ReplicaManager replicas)
    : ApiHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch)
{
    protected override ValueTask<OffsetForLeaderEpochResponse?> HandleAsync(RequestContext context, OffsetForLeaderEpochRequest request) =>
        new(Answer(request, (topic, partition) =>
        {
            if (!context.IsClusterAuthorized(AclOperation.ClusterAction, logIfDenied: false) && !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic))
                return new() { Partition = partition.Partition, ErrorCode = ErrorCode.TopicAuthorizationFailed };
            var error = replicas.FindLeader(topic, partition.Partition, partition.CurrentLeaderEpoch, out var found);
            var result = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = partition.Partition, ErrorCode = error };
            if (error != ErrorCode.None)
                return result;
            var end = found!.Log.EndOffsetForEpoch(partition.LeaderEpoch);
            result.LeaderEpoch = end.Epoch;
            result.EndOffset = end.Offset;
            return result;
        }));

    protected override OffsetForLeaderEpochResponse ErrorResponse(RequestContext context, OffsetForLeaderEpochRequest request, KafkaException error) =>
        Answer(request, (_, partition) => new() { Partition = partition.Partition, ErrorCode = error.ErrorCode });

    private static OffsetForLeaderEpochResponse Answer(
        OffsetForLeaderEpochRequest request,
        Func<string, OffsetForLeaderEpochRequest.OffsetForLeaderPartition, OffsetForLeaderEpochResponse.EpochEndOffset> answer)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (var topic in request.Topics)
        {
            var result = new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic };
            foreach (var partition in topic.Partitions)
                result.Partitions.Add(answer(topic.Topic, partition));
            response.Topics.Add(result);
        }
        return response;
    }
}
