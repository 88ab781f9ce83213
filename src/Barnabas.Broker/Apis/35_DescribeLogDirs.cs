// DescribeLogDirs, versions 0-5. Null topics mean all; a directory that is offline is listed with KAFKA_STORAGE_ERROR.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeLogDirsApi(LogManager logs, MetadataCache metadata) : ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>(ApiKey.DescribeLogDirs)
{
    public override AclOperation? ClusterOperation => AclOperation.Describe;

    protected override ValueTask<DescribeLogDirsResponse?> HandleAsync(RequestContext context, DescribeLogDirsRequest request)
    {
        HashSet<TopicPartition>? wanted = null;
        if (request.Topics is { } topics)
        {
            wanted = [];
            foreach (var topic in topics)
            {
                foreach (var partition in topic.Partitions)
                    wanted.Add(new TopicPartition(topic.Topic, partition));
            }
        }
        var response = new DescribeLogDirsResponse();
        foreach (var directory in logs.Describe())
        {
            var result = new DescribeLogDirsResponse.DescribeLogDirsResult { LogDir = directory.Path, ErrorCode = directory.ErrorCode };
            if (directory.ErrorCode == ErrorCode.None)
            {
                result.TotalBytes = directory.Space.TotalBytes;
                result.UsableBytes = directory.Space.UsableBytes;
                result.IsCordoned = directory.IsCordoned && metadata.Image.Features.SupportsCordonedDirectories;
            }
            AddTopics(result, directory.Logs, wanted, logs);
            response.Results.Add(result);
        }
        return new(response);
    }

    protected override DescribeLogDirsResponse ErrorResponse(RequestContext context, DescribeLogDirsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };

    private static void AddTopics(DescribeLogDirsResponse.DescribeLogDirsResult result, IReadOnlyList<LogDescription> found, HashSet<TopicPartition>? wanted, LogManager logs)
    {
        foreach (var byTopic in found.Where(log => wanted is null || wanted.Contains(log.TopicPartition)).GroupBy(log => log.TopicPartition.Topic))
        {
            var topic = new DescribeLogDirsResponse.DescribeLogDirsTopic { Name = byTopic.Key };
            foreach (var log in byTopic)
                topic.Partitions.Add(new() { PartitionIndex = log.TopicPartition.Partition, PartitionSize = log.SizeInBytes, OffsetLag = Lag(log, logs), IsFutureKey = log.IsFuture });
            result.Topics.Add(topic);
        }
    }

    /// <summary>How far a log is behind: a copy behind the log it will replace, a log behind what is committed.</summary>
    private static long Lag(LogDescription described, LogManager logs) => logs.GetLog(described.TopicPartition) is { } log
        ? described.IsFuture ? log.LogEndOffset - described.LogEndOffset : Math.Max(0, log.HighWatermark - described.LogEndOffset)
        : -1;
}
