using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>The committed offsets of groups.</summary>
    /// <param name="groups">The partitions asked for of each group; null asks for all that have one. A partition without a committed offset has null.</param>
    /// <param name="requireStable">Wait for open transactions that commit offsets (KIP-447).</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<string, Outcome<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata?>>>> ListGroupOffsetsAsync(
        IReadOnlyDictionary<string, IReadOnlyCollection<TopicPartition>?> groups, bool requireStable = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var call = new KeyedCall<string, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata?>>("listConsumerGroupOffsets", groups.Keys);
        return RunAsync(call, timeout, (open, token) => ForEachCoordinatorAsync(call, open, async (connection, group, inner) =>
        {
            var offsets = await OffsetRequests.FetchAsync(connection, group, groups[group], null, -1, requireStable, inner);
            lock (call) call.Succeed(group, offsets);
        }, token), cancellationToken);
    }

    /// <summary>Commits offsets for a group that has no members reading those partitions.</summary>
    /// <exception cref="KafkaException">The group as a whole refuses, or its coordinator does not answer in time.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> AlterGroupOffsetsAsync(
        string groupId, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        return await RunAsync("alterConsumerGroupOffsets", timeout, token => AtCoordinatorAsync(groupId, async (connection, inner) =>
        {
            var errors = await OffsetRequests.CommitAsync(connection, groupId, "", -1, null, offsets, inner);
            foreach (var error in errors.Values)
            {
                if (error is ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator) throw error.ToException();
            }

            return ToOutcomes(offsets.Keys, errors);
        }, token), cancellationToken);
    }

    /// <summary>Deletes committed offsets of a group, of topics it is not subscribed to (KIP-496).</summary>
    /// <exception cref="KafkaException">The group as a whole refuses, or its coordinator does not answer in time.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> DeleteGroupOffsetsAsync(
        string groupId, IReadOnlyCollection<TopicPartition> partitions, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        return await RunAsync("deleteConsumerGroupOffsets", timeout, token => AtCoordinatorAsync(groupId, async (connection, inner) =>
        {
            var request = new OffsetDeleteRequest { GroupId = groupId };
            foreach (var topic in partitions.GroupBy(partition => partition.Topic))
            {
                request.Topics.Add(new OffsetDeleteRequest.OffsetDeleteRequestTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(partition => new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = partition.Partition })],
                });
            }

            var response = await connection.SendAsync(request, inner);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            var errors = new Dictionary<TopicPartition, ErrorCode>();
            foreach (var topic in response.Topics)
            {
                foreach (var partition in topic.Partitions) errors[new TopicPartition(topic.Name, partition.PartitionIndex)] = partition.ErrorCode;
            }

            return ToOutcomes(partitions, errors);
        }, token), cancellationToken);
    }

    /// <summary>Removes members from a group: static ones by their instance id, or all.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="instanceIds">Static members to remove; null removes every member.</param>
    /// <param name="reason">Told to the coordinator (KIP-800).</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The group as a whole refuses, or its coordinator does not answer in time.</exception>
    public async Task<IReadOnlyDictionary<string, Outcome<Done>>> RemoveMembersFromGroupAsync(
        string groupId, IReadOnlyCollection<string>? instanceIds, string? reason = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        List<LeaveGroupRequest.MemberIdentity> members;
        var why = string.IsNullOrEmpty(reason) ? "member was removed by an admin" : $"member was removed by an admin: {reason}";
        if (instanceIds is not null)
        {
            members = [.. instanceIds.Select(id => new LeaveGroupRequest.MemberIdentity { MemberId = "", GroupInstanceId = id, Reason = why })];
        }
        else
        {
            var described = await DescribeConsumerGroupsAsync([groupId], timeout: timeout, cancellationToken: cancellationToken);
            members = [.. described[groupId].Value.Members.Select(member => new LeaveGroupRequest.MemberIdentity
            {
                MemberId = member.GroupInstanceId is null ? member.MemberId : "",
                GroupInstanceId = member.GroupInstanceId,
                Reason = why,
            })];
        }

        return await RunAsync("removeMembersFromConsumerGroup", timeout, token => AtCoordinatorAsync(groupId, async (connection, inner) =>
        {
            var request = new LeaveGroupRequest { GroupId = groupId, Members = members };
            var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.LeaveGroup, lowest: 3), inner);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            var outcomes = new Dictionary<string, Outcome<Done>>();
            foreach (var member in response.Members)
                outcomes[member.GroupInstanceId ?? member.MemberId] = member.ErrorCode == ErrorCode.None ? new Outcome<Done>(default(Done)) : new Outcome<Done>(member.ErrorCode.ToException());
            return outcomes;
        }, token), cancellationToken);
    }

    private static Dictionary<TopicPartition, Outcome<Done>> ToOutcomes(IEnumerable<TopicPartition> partitions, Dictionary<TopicPartition, ErrorCode> errors)
    {
        var outcomes = new Dictionary<TopicPartition, Outcome<Done>>();
        foreach (var partition in partitions)
        {
            if (!errors.TryGetValue(partition, out var error))
                outcomes[partition] = new Outcome<Done>(ErrorCode.UnknownServerError.ToException($"The response has no result for partition {partition}"));
            else outcomes[partition] = error == ErrorCode.None ? new Outcome<Done>(default(Done)) : new Outcome<Done>(error.ToException());
        }

        return outcomes;
    }
}
