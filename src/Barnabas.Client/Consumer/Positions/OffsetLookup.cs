using Barnabas.Client.Admin;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Positions;

/// <summary>Finds offsets by time or special, at the leaders.</summary>
internal sealed class OffsetLookup(ConsumerContext context)
{
    /// <summary>One attempt. What cannot be found now is missing in the answer, and metadata is asked for anew.</summary>
    /// <exception cref="KafkaException">An error that trying again does not help.</exception>
    public async Task<Dictionary<TopicPartition, ListedOffset>> TryFindAsync(IReadOnlyDictionary<TopicPartition, long> timestamps, CancellationToken cancellationToken)
    {
        var snapshot = context.Cluster.Metadata.Current;
        var found = new Dictionary<TopicPartition, ListedOffset>();
        var asks = new List<Task>();
        foreach (var group in timestamps.GroupBy(entry => snapshot.LeaderOf(entry.Key)))
        {
            if (group.Key is null) context.Cluster.Metadata.RequestUpdate();
            else asks.Add(AskAsync(group.Key, [.. group], found, cancellationToken));
        }

        await Task.WhenAll(asks);
        return found;
    }

    /// <summary>Tries until all are found or the time is over.</summary>
    /// <exception cref="KafkaTimeoutException">The time is over.</exception>
    public async Task<Dictionary<TopicPartition, ListedOffset>> FindAsync(IReadOnlyDictionary<TopicPartition, long> timestamps, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var found = new Dictionary<TopicPartition, ListedOffset>();
        return await new Retrier(context.Cluster).RunAsync("listOffsets", timeout, async token =>
        {
            foreach (var topic in timestamps.Keys.Select(partition => partition.Topic).Distinct()) await context.Cluster.Metadata.GetTopicAsync(topic, token);
            var missing = timestamps.Where(entry => !found.ContainsKey(entry.Key)).ToDictionary();
            foreach (var (partition, offset) in await TryFindAsync(missing, token)) found[partition] = offset;
            return found.Count == timestamps.Count ? found : throw ErrorCode.LeaderNotAvailable.ToException();
        }, cancellationToken);
    }

    private async Task AskAsync(Node leader, List<KeyValuePair<TopicPartition, long>> partitions, Dictionary<TopicPartition, ListedOffset> found, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await context.Cluster.ConnectAsync(leader, ConnectionRole.Regular, cancellationToken);
            var version = connection.Versions.Choose(ApiKey.ListOffsets, lowest: context.Options.IsolationLevel == IsolationLevel.ReadCommitted ? (short)2 : (short)1);
            var request = new ListOffsetsRequest { ReplicaId = -1 };
            if (version >= 2) request.IsolationLevel = (sbyte)context.Options.IsolationLevel;
            if (version >= 10) request.TimeoutMs = (int)context.Options.RequestTimeout.TotalMilliseconds;
            var snapshot = context.Cluster.Metadata.Current;
            foreach (var topic in partitions.GroupBy(entry => entry.Key.Topic))
            {
                request.Topics.Add(new ListOffsetsRequest.ListOffsetsTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(entry => new ListOffsetsRequest.ListOffsetsPartition
                    {
                        PartitionIndex = entry.Key.Partition,
                        Timestamp = entry.Value,
                        CurrentLeaderEpoch = snapshot.Find(entry.Key)?.LeaderEpoch ?? -1,
                    })],
                });
            }

            Read(await connection.SendAsync(request, version, cancellationToken), found);
        }
        catch (KafkaException error) when (ErrorClassification.IsRetriable(error))
        {
            ConsumerLog.PositionsFailed(context.Logger, error.Message);
            context.Cluster.Metadata.RequestUpdate();
        }
    }

    private void Read(ListOffsetsResponse response, Dictionary<TopicPartition, ListedOffset> found)
    {
        foreach (var topic in response.Topics)
        {
            foreach (var result in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Name, result.PartitionIndex);
                if (result.ErrorCode == ErrorCode.None)
                {
                    lock (found) found[partition] = new ListedOffset(result.Offset, result.Timestamp, result.LeaderEpoch);
                }
                else if (ErrorCodes.IsRetriable(result.ErrorCode))
                {
                    ConsumerLog.PositionsFailed(context.Logger, $"{partition}: {result.ErrorCode}");
                    if (ErrorClassification.NeedsMetadataRefresh(result.ErrorCode)) context.Cluster.Metadata.RequestUpdate();
                }
                else
                {
                    throw result.ErrorCode.ToException($"{ErrorCodes.Message(result.ErrorCode)} ({partition})");
                }
            }
        }
    }
}
