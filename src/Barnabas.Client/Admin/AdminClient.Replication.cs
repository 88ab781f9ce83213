using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Elects leaders (KIP-460).</summary>
    /// <param name="type">How.</param>
    /// <param name="partitions">Which; all that need it when null, and then only those are answered.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The cluster refuses, or no node answers in time.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> ElectLeadersAsync(
        ElectionType type, IReadOnlyCollection<TopicPartition>? partitions, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyDictionary<TopicPartition, Outcome<Done>>>("electLeaders", timeout, async token =>
        {
            var connection = await _cluster.ConnectToControllerAsync(token);
            var version = connection.Versions.Choose(ApiKey.ElectLeaders, lowest: type == ElectionType.Preferred ? (short)0 : (short)1);
            var request = new ElectLeadersRequest { TimeoutMs = TimeoutMs(timeout), TopicPartitions = null };
            if (version >= 1) request.ElectionType = (sbyte)type;
            if (partitions is not null) request.TopicPartitions = [.. partitions.GroupBy(one => one.Topic).Select(topic => new ElectLeadersRequest.TopicPartitionsData { Topic = topic.Key, Partitions = [.. topic.Select(one => one.Partition)] })];
            var response = await connection.SendAsync(request, version, token);
            ThrowIfControllerMoved(response.ErrorCode);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            var outcomes = new Dictionary<TopicPartition, Outcome<Done>>();
            foreach (var topic in response.ReplicaElectionResults)
            {
                foreach (var result in topic.PartitionResult)
                {
                    outcomes[new TopicPartition(topic.Topic, result.PartitionId)] =
                        result.ErrorCode == ErrorCode.None ? new Outcome<Done>(default(Done)) : new Outcome<Done>(result.ErrorCode.ToException(result.ErrorMessage));
                }
            }

            return outcomes;
        }, cancellationToken);

    /// <summary>The reassignments under way (KIP-455).</summary>
    /// <param name="partitions">Of which partitions; of all when null.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The cluster refuses, or no node answers in time.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, PartitionReassignment>> ListPartitionReassignmentsAsync(
        IReadOnlyCollection<TopicPartition>? partitions = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyDictionary<TopicPartition, PartitionReassignment>>("listPartitionReassignments", timeout, async token =>
        {
            var request = new ListPartitionReassignmentsRequest { TimeoutMs = TimeoutMs(timeout), Topics = null };
            if (partitions is not null) request.Topics = [.. partitions.GroupBy(one => one.Topic).Select(topic => new ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics { Name = topic.Key, PartitionIndexes = [.. topic.Select(one => one.Partition)] })];
            var response = await SendToControllerAsync(request, token);
            ThrowIfControllerMoved(response.ErrorCode);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            var reassignments = new Dictionary<TopicPartition, PartitionReassignment>();
            foreach (var topic in response.Topics)
            {
                foreach (var partition in topic.Partitions)
                    reassignments[new TopicPartition(topic.Name, partition.PartitionIndex)] = new PartitionReassignment(partition.Replicas, partition.AddingReplicas, partition.RemovingReplicas);
            }

            return reassignments;
        }, cancellationToken);

    /// <summary>Moves partitions to other replicas, or (with null) cancels a move.</summary>
    /// <param name="replicas">The replicas that each partition is to have.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="allowReplicationFactorChange">False refuses partitions that would have more or fewer replicas (KIP-860).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> AlterPartitionReassignmentsAsync(
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>?> replicas, TimeSpan? timeout = null, bool allowReplicationFactorChange = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        var call = new KeyedCall<TopicPartition, Done>("alterPartitionReassignments", replicas.Keys);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var request = new AlterPartitionReassignmentsRequest { TimeoutMs = TimeoutMs(timeout), AllowReplicationFactorChange = allowReplicationFactorChange };
            foreach (var topic in open.GroupBy(partition => partition.Topic))
            {
                request.Topics.Add(new AlterPartitionReassignmentsRequest.ReassignableTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(partition => new AlterPartitionReassignmentsRequest.ReassignablePartition
                    {
                        PartitionIndex = partition.Partition,
                        Replicas = replicas[partition] is { } ids ? [.. ids] : null,
                    })],
                });
            }

            var response = await SendToControllerAsync(request, token);
            ThrowIfControllerMoved(response.ErrorCode);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            foreach (var topic in response.Responses)
            {
                foreach (var result in topic.Partitions)
                {
                    var partition = new TopicPartition(topic.Name, result.PartitionIndex);
                    if (result.ErrorCode == ErrorCode.None) call.Succeed(partition, default);
                    else call.Fail(partition, result.ErrorCode.ToException(result.ErrorMessage));
                }
            }
        }, cancellationToken);
    }
}
