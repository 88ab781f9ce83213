using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Describes groups of consumers, by the protocol of KIP-848 where the broker has it and the group speaks it, else by the classic one.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<GroupDescription>>> DescribeConsumerGroupsAsync(
        IReadOnlyCollection<string> groupIds, bool includeAuthorizedOperations = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, GroupDescription>("describeConsumerGroups", groupIds);
        return RunAsync(call, timeout, (open, token) => ForEachCoordinatorAsync(call, open, async (connection, group, inner) =>
        {
            var description = connection.Versions.Supports(ApiKey.ConsumerGroupDescribe)
                ? await DescribeConsumerGroupAsync(connection, group, includeAuthorizedOperations, inner)
                : null;
            description ??= await DescribeClassicGroupAsync(connection, group, includeAuthorizedOperations, inner);
            lock (call)
            {
                if (description.ProtocolType is "" or "consumer") call.Succeed(group, description);
                else call.Fail(group, new KafkaException(ErrorCode.InvalidGroupId, $"GroupId {group} is not a consumer group ({description.ProtocolType})."));
            }
        }, token), cancellationToken);
    }

    /// <summary>Describes groups of any protocol by the classic DescribeGroups.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<GroupDescription>>> DescribeClassicGroupsAsync(
        IReadOnlyCollection<string> groupIds, bool includeAuthorizedOperations = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, GroupDescription>("describeClassicGroups", groupIds);
        return RunAsync(call, timeout, (open, token) => ForEachCoordinatorAsync(call, open, async (connection, group, inner) =>
        {
            var description = await DescribeClassicGroupAsync(connection, group, includeAuthorizedOperations, inner);
            lock (call) call.Succeed(group, description);
        }, token), cancellationToken);
    }

    // Null when the group speaks the classic protocol, or does not exist as far as this API knows.
    private async Task<GroupDescription?> DescribeConsumerGroupAsync(NodeConnection connection, string groupId, bool includeAuthorizedOperations, CancellationToken cancellationToken)
    {
        var request = new ConsumerGroupDescribeRequest { GroupIds = [groupId], IncludeAuthorizedOperations = includeAuthorizedOperations };
        var response = await connection.SendAsync(request, cancellationToken);
        var group = response.Groups.Find(one => one.GroupId == groupId) ?? throw ErrorCode.UnknownServerError.ToException($"The response has no group {groupId}");
        if (group.ErrorCode is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion) return null;
        if (group.ErrorCode != ErrorCode.None) throw group.ErrorCode.ToException(group.ErrorMessage);
        return new GroupDescription
        {
            GroupId = groupId,
            Type = "consumer",
            State = group.GroupState,
            ProtocolType = "consumer",
            Assignor = group.AssignorName,
            Coordinator = connection.Node,
            GroupEpoch = group.GroupEpoch,
            TargetAssignmentEpoch = group.AssignmentEpoch,
            AuthorizedOperations = group.AuthorizedOperations,
            Members = group.Members.ConvertAll(member => new GroupMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.InstanceId,
                RackId = member.RackId,
                ClientId = member.ClientId,
                Host = member.ClientHost,
                MemberEpoch = member.MemberEpoch,
                IsClassic = member.MemberType < 0 ? null : member.MemberType == 0,
                Assignment = Partitions(member.Assignment),
                TargetAssignment = Partitions(member.TargetAssignment),
            }),
        };
    }

    private async Task<GroupDescription> DescribeClassicGroupAsync(NodeConnection connection, string groupId, bool includeAuthorizedOperations, CancellationToken cancellationToken)
    {
        var version = connection.Versions.Choose(ApiKey.DescribeGroups);
        var request = new DescribeGroupsRequest { Groups = [groupId] };
        if (version >= 3) request.IncludeAuthorizedOperations = includeAuthorizedOperations;
        var response = await connection.SendAsync(request, version, cancellationToken);
        var group = response.Groups.Find(one => one.GroupId == groupId) ?? throw ErrorCode.UnknownServerError.ToException($"The response has no group {groupId}");
        if (group.ErrorCode != ErrorCode.None) throw group.ErrorCode.ToException(group.ErrorMessage);
        return new GroupDescription
        {
            GroupId = groupId,
            Type = "classic",
            State = group.GroupState,
            ProtocolType = group.ProtocolType,
            Assignor = group.ProtocolData,
            Coordinator = connection.Node,
            AuthorizedOperations = group.AuthorizedOperations,
            Members = group.Members.ConvertAll(member => new GroupMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                Host = member.ClientHost,
                Assignment = group.ProtocolType == "consumer" ? Consumer.Membership.ConsumerProtocol.ReadAssignment(member.MemberAssignment) : [],
            }),
        };
    }

    private static List<TopicPartition> Partitions(ConsumerGroupDescribeResponse.Assignment assignment)
    {
        var partitions = new List<TopicPartition>();
        foreach (var topic in assignment.TopicPartitions)
        {
            foreach (var partition in topic.Partitions) partitions.Add(new TopicPartition(topic.TopicName, partition));
        }

        return partitions;
    }
}
