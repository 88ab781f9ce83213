using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>The producers that wrote to partitions lately (KIP-664).</summary>
    /// <param name="partitions">Which.</param>
    /// <param name="brokerId">The replica to ask; each partition's leader when null.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<IReadOnlyList<ActiveProducer>>>> DescribeProducersAsync(
        IReadOnlyCollection<TopicPartition> partitions, int? brokerId = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<TopicPartition, IReadOnlyList<ActiveProducer>>("describeProducers", partitions);
        return RunAsync(call, timeout, async (open, token) =>
        {
            if (brokerId is { } id) await DescribeProducersAsync(call, await _cluster.ConnectAsync(id, ConnectionRole.Regular, token), open, atLeader: false, token);
            else await ForEachLeaderAsync(call, open, (connection, asked, inner) => DescribeProducersAsync(call, connection, asked, atLeader: true, inner), token);
        }, cancellationToken);
    }

    private static async Task DescribeProducersAsync(
        KeyedCall<TopicPartition, IReadOnlyList<ActiveProducer>> call, NodeConnection connection, IReadOnlyList<TopicPartition> asked, bool atLeader, CancellationToken cancellationToken)
    {
        var request = new DescribeProducersRequest();
        foreach (var topic in asked.GroupBy(partition => partition.Topic))
            request.Topics.Add(new DescribeProducersRequest.TopicRequest { Name = topic.Key, PartitionIndexes = [.. topic.Select(partition => partition.Partition)] });
        var response = await connection.SendAsync(request, cancellationToken);
        lock (call)
        {
            foreach (var topic in response.Topics)
            {
                foreach (var result in topic.Partitions)
                {
                    var partition = new TopicPartition(topic.Name, result.PartitionIndex);
                    if (result.ErrorCode == ErrorCode.None) call.Succeed(partition, result.ActiveProducers.ConvertAll(ToProducer));
                    // A broker that the caller chose and that is no replica will not become one.
                    else if (ErrorCodes.IsRetriable(result.ErrorCode) && (atLeader || result.ErrorCode != ErrorCode.NotLeaderOrFollower)) call.Retry(partition, result.ErrorCode.ToException(result.ErrorMessage));
                    else call.Fail(partition, result.ErrorCode.ToException(result.ErrorMessage));
                }
            }
        }
    }

    private static ActiveProducer ToProducer(DescribeProducersResponse.ProducerState producer) => new(
        producer.ProducerId,
        producer.ProducerEpoch,
        producer.LastSequence,
        producer.LastTimestamp,
        producer.CoordinatorEpoch < 0 ? null : producer.CoordinatorEpoch,
        producer.CurrentTxnStartOffset < 0 ? null : producer.CurrentTxnStartOffset);
}
