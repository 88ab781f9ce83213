// ListOffsets, versions 0-11: latest (-1), earliest (-2), max timestamp (-3, from 7), earliest local (-4, from 8), latest tiered (-5, from 9),
// earliest pending upload (-6, from 11); without tiered storage the last two are -1. Version 0 answers with a list of one offset.
using Barnabas.Broker.Fetching;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;

namespace Barnabas.Broker.Apis;

internal sealed class ListOffsetsApi(ReplicaManager replicas) : ApiHandler<ListOffsetsRequest, ListOffsetsResponse>(ApiKey.ListOffsets)
{
    private const long LatestTiered = -5;
    private const long EarliestPendingUpload = -6;
    private const int DebuggingReplicaId = -2;
    private const short FirstVersionWithLeaderEpoch = 4;

    protected override ValueTask<ListOffsetsResponse?> HandleAsync(RequestContext context, ListOffsetsRequest request)
    {
        var response = new ListOffsetsResponse();
        var seen = new HashSet<TopicPartition>();
        var duplicates = new HashSet<TopicPartition>();
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (!seen.Add(new TopicPartition(topic.Name, partition.PartitionIndex)))
                    duplicates.Add(new TopicPartition(topic.Name, partition.PartitionIndex));
            }
        }
        var isolation = request.ReplicaId >= 0 ? FetchIsolation.LogEnd
            : request.IsolationLevel == 1 && request.ReplicaId != DebuggingReplicaId ? FetchIsolation.TransactionCommitted : FetchIsolation.HighWatermark;
        foreach (var topic in request.Topics)
        {
            var result = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            response.Topics.Add(result);
            foreach (var partition in topic.Partitions)
            {
                var topicPartition = new TopicPartition(topic.Name, partition.PartitionIndex);
                result.Partitions.Add(duplicates.Contains(topicPartition)
                    ? Failed(partition, ErrorCode.InvalidRequest)
                    : !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name)
                    ? Failed(partition, ErrorCode.TopicAuthorizationFailed)
                    : LookUp(context.ApiVersion, topicPartition, partition, isolation));
            }
        }
        return new(response);
    }

    protected override ListOffsetsResponse ErrorResponse(RequestContext context, ListOffsetsRequest request, KafkaException error)
    {
        var response = new ListOffsetsResponse();
        foreach (var topic in request.Topics)
        {
            var result = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            foreach (var partition in topic.Partitions)
                result.Partitions.Add(Failed(partition, error.ErrorCode));
            response.Topics.Add(result);
        }
        return response;
    }

    private ListOffsetsResponse.ListOffsetsPartitionResponse LookUp(
        short version, TopicPartition topicPartition, ListOffsetsRequest.ListOffsetsPartition asked, FetchIsolation isolation)
    {
        if (asked.Timestamp < 0 && version < FirstVersionWith(asked.Timestamp))
            return Failed(asked, ErrorCode.UnsupportedVersion);
        var error = replicas.FindLeader(topicPartition.Topic, topicPartition.Partition, asked.CurrentLeaderEpoch, out var partition);
        if (error != ErrorCode.None)
            return Failed(asked, error);
        try
        {
            var found = Find(partition!.Log, asked.Timestamp, isolation);
            var result = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = asked.PartitionIndex };
            if (version == 0)
            {
                if (found is { } single)
                    result.OldStyleOffsets.Add(single.Offset);
            }
            else if (found is { } at)
            {
                result.Offset = at.Offset;
                result.Timestamp = at.Timestamp;
                if (version >= FirstVersionWithLeaderEpoch)
                    result.LeaderEpoch = at.LeaderEpoch;
            }
            return result;
        }
        catch (KafkaException e)
        {
            return Failed(asked, e.ErrorCode);
        }
    }

    private static TimestampedOffset? Find(UnifiedLog log, long timestamp, FetchIsolation isolation)
    {
        if (timestamp is LatestTiered or EarliestPendingUpload)
            return new TimestampedOffset(-1, -1, -1);
        var end = FetchReader.ReadableEndOffset(log, isolation);
        if (timestamp == UnifiedLog.LatestTimestamp)
            return new TimestampedOffset(-1, end, log.LatestEpoch ?? -1);
        var found = log.FetchOffsetByTimestamp(timestamp);
        return timestamp is UnifiedLog.EarliestTimestamp or UnifiedLog.EarliestLocalTimestamp || found is { } at && at.Offset < end ? found : null;
    }

    private static short FirstVersionWith(long timestamp) => timestamp switch
    {
        UnifiedLog.LatestTimestamp or UnifiedLog.EarliestTimestamp => 0,
        UnifiedLog.MaxTimestamp => 7,
        UnifiedLog.EarliestLocalTimestamp => 8,
        LatestTiered => 9,
        EarliestPendingUpload => 11,
        _ => short.MaxValue,
    };

    private static ListOffsetsResponse.ListOffsetsPartitionResponse Failed(ListOffsetsRequest.ListOffsetsPartition partition, ErrorCode error) =>
        new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error };
}
