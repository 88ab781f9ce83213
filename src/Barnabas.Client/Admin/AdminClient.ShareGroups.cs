using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Describes share groups (KIP-932).</summary>
    public Task<IReadOnlyDictionary<string, Outcome<GroupDescription>>> DescribeShareGroupsAsync(
        IReadOnlyCollection<string> groupIds, bool includeAuthorizedOperations = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, GroupDescription>("describeShareGroups", groupIds);
        return RunAsync(call, timeout, (open, token) => ForEachCoordinatorAsync(call, open, async (connection, groupId, inner) =>
        {
            var request = new ShareGroupDescribeRequest { GroupIds = [groupId], IncludeAuthorizedOperations = includeAuthorizedOperations };
            var response = await connection.SendAsync(request, inner);
            var group = response.Groups.Find(one => one.GroupId == groupId) ?? throw ErrorCode.UnknownServerError.ToException($"The response has no group {groupId}");
            if (group.ErrorCode != ErrorCode.None) throw group.ErrorCode.ToException(group.ErrorMessage);
            var description = new GroupDescription
            {
                GroupId = groupId,
                Type = "share",
                State = group.GroupState,
                ProtocolType = "share",
                Assignor = group.AssignorName,
                Coordinator = connection.Node,
                GroupEpoch = group.GroupEpoch,
                TargetAssignmentEpoch = group.AssignmentEpoch,
                AuthorizedOperations = group.AuthorizedOperations,
                Members = group.Members.ConvertAll(member => new GroupMember
                {
                    MemberId = member.MemberId,
                    RackId = member.RackId,
                    ClientId = member.ClientId,
                    Host = member.ClientHost,
                    MemberEpoch = member.MemberEpoch,
                    Assignment = [.. member.Assignment.TopicPartitions.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.TopicName, partition)))],
                }),
            };
            lock (call) call.Succeed(groupId, description);
        }, token), cancellationToken);
    }

    /// <summary>Where share groups stand in their partitions (KIP-932).</summary>
    /// <param name="groups">The partitions asked for of each group; null asks for all that the group has state of. A partition without state is left out.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<string, Outcome<IReadOnlyDictionary<TopicPartition, SharePartitionOffset>>>> ListShareGroupOffsetsAsync(
        IReadOnlyDictionary<string, IReadOnlyCollection<TopicPartition>?> groups, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var call = new KeyedCall<string, IReadOnlyDictionary<TopicPartition, SharePartitionOffset>>("listShareGroupOffsets", groups.Keys);
        return RunAsync(call, timeout, (open, token) => ForEachCoordinatorAsync(call, open, async (connection, groupId, inner) =>
        {
            var request = new DescribeShareGroupOffsetsRequest { Groups = [new() { GroupId = groupId, Topics = TopicsOf(groups[groupId]) }] };
            var response = await connection.SendAsync(request, inner);
            var group = response.Groups.Find(one => one.GroupId == groupId) ?? throw ErrorCode.UnknownServerError.ToException($"The response has no group {groupId}");
            if (group.ErrorCode != ErrorCode.None) throw group.ErrorCode.ToException(group.ErrorMessage);
            var offsets = new Dictionary<TopicPartition, SharePartitionOffset>();
            foreach (var topic in group.Topics)
            {
                foreach (var partition in topic.Partitions)
                {
                    if (partition.ErrorCode != ErrorCode.None) throw partition.ErrorCode.ToException(partition.ErrorMessage);
                    if (partition.StartOffset >= 0)
                        offsets[new TopicPartition(topic.TopicName, partition.PartitionIndex)] = new SharePartitionOffset(partition.StartOffset, partition.LeaderEpoch, partition.Lag < 0 ? null : partition.Lag);
                }
            }

            lock (call) call.Succeed(groupId, offsets);
        }, token), cancellationToken);
    }

    /// <summary>Sets where a share group without members begins (KIP-932); a group that is not there is made.</summary>
    /// <exception cref="KafkaException">The group as a whole refuses, or its coordinator does not answer in time.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> AlterShareGroupOffsetsAsync(
        string groupId, IReadOnlyDictionary<TopicPartition, long> offsets, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        return RunAsync<IReadOnlyDictionary<TopicPartition, Outcome<Done>>>("alterShareGroupOffsets", timeout, token => AtCoordinatorAsync(groupId, async (connection, inner) =>
        {
            var request = new AlterShareGroupOffsetsRequest
            {
                GroupId = groupId,
                Topics = [.. offsets.GroupBy(offset => offset.Key.Topic).Select(topic => new AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic
                {
                    TopicName = topic.Key,
                    Partitions = [.. topic.Select(offset => new AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition { PartitionIndex = offset.Key.Partition, StartOffset = offset.Value })],
                })],
            };
            var response = await connection.SendAsync(request, inner);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            var errors = response.Responses.SelectMany(topic => topic.Partitions.Select(partition => (Key: new TopicPartition(topic.TopicName, partition.PartitionIndex), partition.ErrorCode)))
                .ToDictionary(result => result.Key, result => result.ErrorCode);
            return (IReadOnlyDictionary<TopicPartition, Outcome<Done>>)ToOutcomes(offsets.Keys, errors);
        }, token), cancellationToken);
    }

    /// <summary>Forgets what a share group without members has of topics (KIP-932).</summary>
    /// <exception cref="KafkaException">The group as a whole refuses, or its coordinator does not answer in time.</exception>
    public Task<IReadOnlyDictionary<string, Outcome<Done>>> DeleteShareGroupOffsetsAsync(
        string groupId, IReadOnlyCollection<string> topics, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyDictionary<string, Outcome<Done>>>("deleteShareGroupOffsets", timeout, token => AtCoordinatorAsync(groupId, async (connection, inner) =>
        {
            var request = new DeleteShareGroupOffsetsRequest { GroupId = groupId, Topics = [.. topics.Select(topic => new DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic { TopicName = topic })] };
            var response = await connection.SendAsync(request, inner);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            return (IReadOnlyDictionary<string, Outcome<Done>>)topics.Distinct().ToDictionary(topic => topic, topic => response.Responses.Find(one => one.TopicName == topic) is { } result
                ? result.ErrorCode == ErrorCode.None ? new Outcome<Done>(default(Done)) : new Outcome<Done>(result.ErrorCode.ToException(result.ErrorMessage))
                : new Outcome<Done>(ErrorCode.UnknownServerError.ToException($"The response has no result for topic {topic}")));
        }, token), cancellationToken);

    private static List<DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic>? TopicsOf(IReadOnlyCollection<TopicPartition>? partitions) =>
        partitions is null ? null : [.. partitions.GroupBy(partition => partition.Topic).Select(topic => new DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic
        {
            TopicName = topic.Key,
            Partitions = [.. topic.Select(partition => partition.Partition)],
        })];
}

/// <summary>Where a share group stands in a partition.</summary>
/// <param name="StartOffset">The offset of the first record that is not done with.</param>
/// <param name="LeaderEpoch">The epoch of the leader that read the state last.</param>
/// <param name="Lag">How many records are still to be done with; null where the node does not say (KIP-1226).</param>
public sealed record SharePartitionOffset(long StartOffset, int LeaderEpoch, long? Lag);
