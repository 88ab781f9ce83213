using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>Makes the records of share groups, as Apache Kafka 4.3 writes them.</summary>
internal static class ShareGroupRecords
{
    public static CoordinatorRecord Group(string groupId, int epoch, long topicsHash) => new(
        new ShareGroupMetadataKey { GroupId = groupId }, new ShareGroupMetadataValue { Epoch = epoch, MetadataHash = topicsHash }, 0);

    public static CoordinatorRecord Member(string groupId, ShareGroupMember member) => new(
        new ShareGroupMemberMetadataKey { GroupId = groupId, MemberId = member.MemberId },
        new ShareGroupMemberMetadataValue
        {
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.SubscribedTopicNames],
        },
        0);

    public static CoordinatorRecord TargetEpoch(string groupId, int epoch, long nowMs) => new(
        new ShareGroupTargetAssignmentMetadataKey { GroupId = groupId },
        new ShareGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = nowMs }, 0);

    public static CoordinatorRecord Target(string groupId, string memberId, Assignment target) => new(
        new ShareGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId },
        new ShareGroupTargetAssignmentMemberValue
        {
            TopicPartitions = [.. target.Partitions.OrderBy(topic => topic.Key).Select(topic =>
                new ShareGroupTargetAssignmentMemberValue.TopicPartition { TopicId = topic.Key, Partitions = [.. topic.Value] })],
        },
        0);

    public static CoordinatorRecord Current(string groupId, ShareGroupMember member) => new(
        new ShareGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = member.MemberId },
        new ShareGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.MemberEpoch,
            PreviousMemberEpoch = member.PreviousMemberEpoch,
            State = (sbyte)MemberState.Stable,
            AssignedPartitions = [.. member.AssignedPartitions.Partitions.OrderBy(topic => topic.Key).Select(topic =>
                new ShareGroupCurrentMemberAssignmentValue.TopicPartitions { TopicId = topic.Key, Partitions = [.. topic.Value] })],
        },
        0);

    public static CoordinatorRecord StatePartitions(string groupId, ShareStatePartitions partitions) =>
        new(new ShareGroupStatePartitionMetadataKey { GroupId = groupId }, partitions.ToValue(), 0);

    /// <summary>The member goes: first what it has, then what it should have, then itself.</summary>
    public static void AddMemberTombstones(List<CoordinatorRecord> records, string groupId, string memberId)
    {
        records.Add(CoordinatorRecord.Tombstone(new ShareGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId }));
        records.Add(CoordinatorRecord.Tombstone(new ShareGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId }));
        records.Add(CoordinatorRecord.Tombstone(new ShareGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId }));
    }
}
