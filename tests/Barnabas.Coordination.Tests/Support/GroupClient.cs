using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Support;

/// <summary>Requests of group members, in the words of the tests.</summary>
internal static class GroupClient
{
    public static readonly GroupRequestContext Context = new(9, "client", "/127.0.0.1");

    public static GroupRequestContext AtVersion(short version) => Context with { ApiVersion = version };

    public static Task<JoinGroupResponse> Join(
        this ShardHarness shard, string memberId = "", string? instanceId = null, short version = 9, string groupId = "g", int sessionMs = 10_000,
        int rebalanceMs = 60_000, string protocolType = "consumer", string[]? protocols = null, byte[]? metadata = null)
    {
        var request = new JoinGroupRequest
        {
            GroupId = groupId,
            MemberId = memberId,
            GroupInstanceId = instanceId,
            SessionTimeoutMs = sessionMs,
            RebalanceTimeoutMs = rebalanceMs,
            ProtocolType = protocolType,
        };
        foreach (var protocol in protocols ?? ["range"])
            request.Protocols.Add(new JoinGroupRequest.JoinGroupRequestProtocol { Name = protocol, Metadata = metadata ?? Subscription("topic") });

        var reply = new ParkedReply<JoinGroupResponse>();
        shard.Run(machine => machine.Join(AtVersion(version), request, reply));
        return reply.Task;
    }

    public static Task<SyncGroupResponse> Sync(
        this ShardHarness shard, string memberId, int generation, string? instanceId = null, string groupId = "g",
        string? protocolType = null, string? protocolName = null, params (string MemberId, byte[] Assignment)[] assignments)
    {
        var request = new SyncGroupRequest
        {
            GroupId = groupId,
            MemberId = memberId,
            GenerationId = generation,
            GroupInstanceId = instanceId,
            ProtocolType = protocolType,
            ProtocolName = protocolName,
        };
        foreach (var (id, assignment) in assignments)
            request.Assignments.Add(new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = id, Assignment = assignment });

        var reply = new ParkedReply<SyncGroupResponse>();
        shard.Run(machine => machine.Sync(request, reply));
        return reply.Task;
    }

    public static ErrorCode Heartbeat(this ShardHarness shard, string memberId, int generation, string? instanceId = null, string groupId = "g")
    {
        try
        {
            return shard.Run(machine => machine.Heartbeat(new HeartbeatRequest
            {
                GroupId = groupId,
                MemberId = memberId,
                GenerationId = generation,
                GroupInstanceId = instanceId,
            })).ErrorCode;
        }
        catch (KafkaException e)
        {
            return e.ErrorCode;
        }
    }

    public static LeaveGroupResponse Leave(this ShardHarness shard, params (string MemberId, string? InstanceId)[] members)
    {
        var request = new LeaveGroupRequest { GroupId = "g" };
        foreach (var (memberId, instanceId) in members)
            request.Members.Add(new LeaveGroupRequest.MemberIdentity { MemberId = memberId, GroupInstanceId = instanceId });
        return shard.Run(machine => machine.Leave(request));
    }

    /// <summary>A group of one stable member, made with the old join that needs no second round.</summary>
    public static (string MemberId, int Generation) StableMember(
        this ShardHarness shard, string groupId = "g", string? instanceId = null, string protocolType = "consumer", string[]? protocols = null, string topic = "topic")
    {
        var join = shard.Join(instanceId: instanceId, version: 3, groupId: groupId, protocolType: protocolType, protocols: protocols, metadata: Subscription(topic));
        shard.Advance(shard.Config.InitialRebalanceDelayMs + 1);
        var member = join.Result();
        var sync = shard.Sync(member.MemberId, member.GenerationId, instanceId, groupId, assignments: [(member.MemberId, [1, 2, 3])]);
        Assert.Equal(ErrorCode.None, sync.Result().ErrorCode);
        return (member.MemberId, member.GenerationId);
    }

    /// <summary>A group of several members that joined together, stable, the first of them leading.</summary>
    public static JoinGroupResponse[] StableMembers(this ShardHarness shard, int count, string? instancePrefix = null)
    {
        var joins = new Task<JoinGroupResponse>[count];
        for (var i = 0; i < count; i++)
            joins[i] = shard.Join(instanceId: instancePrefix is null ? null : instancePrefix + i, version: 3);
        shard.Advance((shard.Config.InitialRebalanceDelayMs * 2) + 2);
        var members = joins.Select(join => join.Result()).ToArray();
        Assert.All(members, member => Assert.Equal(ErrorCode.None, member.ErrorCode));
        var assignments = members.Select((member, index) => (member.MemberId, new[] { (byte)index })).ToArray();
        for (var i = count - 1; i >= 0; i--)
            shard.Sync(members[i].MemberId, members[i].GenerationId, instancePrefix is null ? null : instancePrefix + i, assignments: i == 0 ? assignments : []);
        Assert.Equal("Stable", shard.Group().StateName);
        return members;
    }

    /// <summary>The answer, which must be there.</summary>
    public static T Result<T>(this Task<T> task)
    {
        Assert.True(task.IsCompletedSuccessfully, "The reply is still parked.");
        return task.GetAwaiter().GetResult();
    }

    public static byte[] Subscription(params string[] topics)
    {
        var subscription = new ConsumerProtocolSubscription();
        subscription.Topics.AddRange(topics);
        using var writer = new MessageWriter();
        writer.WriteInt16(0);
        subscription.Write(writer, 0);
        return writer.ToArray();
    }
}
