using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Groups;

public sealed class GroupAdminTests
{
    private readonly ShardHarness _shard = new();

    [Theory]
    [InlineData("", "", "connecting,joining,left,stable")]
    [InlineData("stable", "", "connecting,stable")]
    [InlineData("Stable , EMPTY", "", "connecting,left,stable")]
    [InlineData("preparingrebalance", "", "joining")]
    [InlineData("", "classic", "connecting,joining,left,stable")]
    [InlineData("", "consumer,share", "")]
    [InlineData("", "nonsense", "")]
    public void Groups_are_listed_by_state_and_type(string states, string types, string expected)
    {
        _shard.StableMember("stable");
        _shard.StableMember("connecting", protocolType: "connect", protocols: ["default"]);
        _shard.Join(version: 3, groupId: "joining");
        CommitSimple("left");

        var listed = _shard.Shard.ListGroups(
            states.Split(',', StringSplitOptions.RemoveEmptyEntries), types.Split(',', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(expected, string.Join(",", listed.Select(group => group.GroupId).Order()));
        Assert.All(listed, group => Assert.Equal("classic", group.GroupType));
        Assert.All(listed.Where(group => group.GroupId == "connecting"), group => Assert.Equal("connect", group.ProtocolType));
    }

    [Fact]
    public void A_stable_group_is_described_with_metadata_and_assignments()
    {
        var (memberId, _) = _shard.StableMember(instanceId: "i");
        var group = Assert.Single(_shard.Shard.DescribeGroups(GroupClient.Context, ["g"]));
        Assert.Equal(("Stable", "consumer", "range"), (group.GroupState, group.ProtocolType, group.ProtocolData));
        var member = Assert.Single(group.Members);
        Assert.Equal((memberId, "i", "client", "/127.0.0.1"), (member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost));
        Assert.Equal(GroupClient.Subscription("topic"), member.MemberMetadata.ToArray());
        Assert.Equal([1, 2, 3], member.MemberAssignment.ToArray());
    }

    [Fact]
    public void During_a_rebalance_members_are_described_without_metadata()
    {
        _shard.Join(version: 3);
        var group = Assert.Single(_shard.Shard.DescribeGroups(GroupClient.Context, ["g"]));
        Assert.Equal(("PreparingRebalance", ""), (group.GroupState, group.ProtocolData));
        Assert.True(Assert.Single(group.Members).MemberMetadata.IsEmpty);
    }

    [Theory]
    [InlineData(5, ErrorCode.None, null)]
    [InlineData(6, ErrorCode.GroupIdNotFound, "Group g not found.")]
    public void A_missing_group_is_dead_and_from_version_6_on_not_found(short version, ErrorCode expected, string? message)
    {
        var group = Assert.Single(_shard.Shard.DescribeGroups(GroupClient.AtVersion(version), ["g"]));
        Assert.Equal(("Dead", expected, message), (group.GroupState, group.ErrorCode, group.ErrorMessage));
    }

    [Fact]
    public void Only_groups_without_members_can_be_deleted()
    {
        _shard.StableMember("busy");
        CommitSimple("idle");
        var results = _shard.Run(machine => machine.DeleteGroups(["busy", "idle", "missing"]));
        Assert.Equal([ErrorCode.NonEmptyGroup, ErrorCode.None, ErrorCode.GroupIdNotFound], results.Select(result => result.ErrorCode));
        Assert.False(_shard.HasGroup("idle"));
        Assert.Equal(2, _shard.Records.Reverse().TakeWhile(record => record.Value is null).Count());
    }

    [Fact]
    public void A_group_of_another_protocol_is_listed_kept_and_refuses_classic_members()
    {
        foreach (var record in ConsumerGroup("modern"))
            _shard.Inject(record);
        var listed = Assert.Single(_shard.Shard.ListGroups([], ["consumer"]));
        Assert.Equal(("modern", "consumer", "consumer"), (listed.GroupId, listed.GroupType, listed.ProtocolType));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Join(groupId: "modern", protocolType: "connect").Result().ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat("m", 1, groupId: "modern"));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Sync("m", 1, groupId: "modern").Result().ErrorCode);
        Assert.Equal(ErrorCode.NonEmptyGroup, _shard.Run(machine => machine.DeleteGroups(["modern"]))[0].ErrorCode);
        Assert.Equal("Group modern is not a classic group.", _shard.Shard.DescribeGroups(GroupClient.AtVersion(6), ["modern"])[0].ErrorMessage);
    }

    [Fact]
    public void An_empty_group_of_another_protocol_makes_way_for_classic_members()
    {
        var records = ConsumerGroup("modern");
        foreach (var record in records)
            _shard.Inject(record);
        _shard.Inject(CoordinatorRecord.Tombstone(records[1].Key));
        var join = _shard.Join(groupId: "modern", version: 3);
        _shard.Advance(3_000);
        Assert.Equal(ErrorCode.None, join.Result().ErrorCode);

        var reloaded = _shard.Reload();
        Assert.Equal(GroupType.Classic, Assert.Single(reloaded.Shard.Groups.All).Type);
    }

    [Fact]
    public void A_group_of_another_protocol_disappears_with_its_last_record()
    {
        foreach (var record in ConsumerGroup("modern"))
            _shard.Inject(record);
        foreach (var record in ConsumerGroup("modern"))
            _shard.Inject(CoordinatorRecord.Tombstone(record.Key));
        Assert.False(_shard.HasGroup("modern"));
        _shard.Inject(CoordinatorRecord.Tombstone(new ShareGroupMetadataKey { GroupId = "never" }));
        Assert.Equal(0, _shard.Shard.Groups.Count);
    }

    [Fact]
    public void Every_record_type_of_the_log_survives_a_round_trip()
    {
        for (var type = 0; type < 64; type++)
        {
            if (GroupRecordCatalog.NewKey(type) is not { } key)
                continue;

            _shard.Inject(CoordinatorRecord.Tombstone(key));
            if (type != 0)
            {
                var value = GroupRecordCatalog.NewValue(type)!;
                _shard.Inject(new CoordinatorRecord(key, value, value.HighestVersion));
            }
        }

        Assert.True(_shard.HasGroup(""));
    }

    private static List<CoordinatorRecord> ConsumerGroup(string groupId) =>
    [
        new(new ConsumerGroupMetadataKey { GroupId = groupId }, new ConsumerGroupMetadataValue { Epoch = 3 }, 0),
        new(new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = "m" }, new ConsumerGroupMemberMetadataValue { ClientId = "c", ClientHost = "h", ClassicMemberMetadata = null }, 0),
        new(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = groupId }, new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = 3 }, 0),
    ];

    private void CommitSimple(string groupId)
    {
        var request = new OffsetCommitRequest { GroupId = groupId, GenerationIdOrMemberEpoch = -1 };
        request.Topics.Add(new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "topic" });
        request.Topics[0].Partitions.Add(new OffsetCommitRequest.OffsetCommitRequestPartition { CommittedOffset = 1 });
        _shard.Run(machine => machine.CommitOffsets(GroupClient.Context, request));
    }
}
