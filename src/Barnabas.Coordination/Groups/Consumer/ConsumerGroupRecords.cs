using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>Makes the records of KIP-848 groups, as Apache Kafka 4.3 writes them.</summary>
internal static class ConsumerGroupRecords
{
    public static CoordinatorRecord Group(string groupId, int epoch, long topicsHash) => new(
        new ConsumerGroupMetadataKey { GroupId = groupId }, new ConsumerGroupMetadataValue { Epoch = epoch, MetadataHash = topicsHash }, 0);

    public static CoordinatorRecord Member(string groupId, ConsumerGroupMember member) => new(
        new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = member.MemberId },
        new ConsumerGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.SubscribedTopicNames],
            SubscribedTopicRegex = member.SubscribedTopicRegex,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            ServerAssignor = member.ServerAssignorName,
            ClassicMemberMetadata = member.ClassicMemberMetadata,
        },
        0);

    public static CoordinatorRecord TargetEpoch(string groupId, int epoch, long nowMs) => new(
        new ConsumerGroupTargetAssignmentMetadataKey { GroupId = groupId },
        new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = nowMs }, 0);

    public static CoordinatorRecord Target(string groupId, string memberId, Assignment target) => new(
        new ConsumerGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId },
        new ConsumerGroupTargetAssignmentMemberValue
        {
            TopicPartitions = [.. target.Partitions.OrderBy(topic => topic.Key).Select(topic =>
                new ConsumerGroupTargetAssignmentMemberValue.TopicPartition { TopicId = topic.Key, Partitions = [.. topic.Value] })],
        },
        0);

    public static CoordinatorRecord Current(string groupId, ConsumerGroupMember member) => new(
        new ConsumerGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = member.MemberId },
        new ConsumerGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.MemberEpoch,
            PreviousMemberEpoch = member.PreviousMemberEpoch,
            State = (sbyte)member.State,
            AssignedPartitions = ToTopics(member.AssignedPartitions, member),
            PartitionsPendingRevocation = ToTopics(member.PartitionsPendingRevocation, member),
        },
        0);

    public static CoordinatorRecord Pattern(string groupId, string pattern, ResolvedPattern resolved) => new(
        new ConsumerGroupRegularExpressionKey { GroupId = groupId, RegularExpression = pattern },
        new ConsumerGroupRegularExpressionValue { Topics = [.. resolved.Topics], Version = resolved.Version, Timestamp = resolved.TimestampMs }, 0);

    /// <summary>The member goes: first what it has, then what it should have, then itself.</summary>
    public static void AddMemberTombstones(List<CoordinatorRecord> records, string groupId, string memberId)
    {
        records.Add(CoordinatorRecord.Tombstone(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId }));
        records.Add(CoordinatorRecord.Tombstone(new ConsumerGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId }));
        records.Add(CoordinatorRecord.Tombstone(new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId }));
    }

    public static CoordinatorRecord PatternTombstone(string groupId, string pattern) =>
        CoordinatorRecord.Tombstone(new ConsumerGroupRegularExpressionKey { GroupId = groupId, RegularExpression = pattern });

    public static CoordinatorRecord TargetEpochTombstone(string groupId) =>
        CoordinatorRecord.Tombstone(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = groupId });

    /// <summary>Coordinators before 4.1 wrote the topics themselves where we write their hash.</summary>
    public static CoordinatorRecord TopicsTombstone(string groupId) =>
        CoordinatorRecord.Tombstone(new ConsumerGroupPartitionMetadataKey { GroupId = groupId });

    public static CoordinatorRecord GroupTombstone(string groupId) =>
        CoordinatorRecord.Tombstone(new ConsumerGroupMetadataKey { GroupId = groupId });

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> ToTopics(Assignment assignment, ConsumerGroupMember member) =>
        [.. assignment.Partitions.OrderBy(topic => topic.Key).Select(topic =>
            new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Value],
                AssignmentEpochs = [.. topic.Value.Select(partition => member.AssignmentEpochs.GetValueOrDefault((topic.Key, partition), member.MemberEpoch))],
            })];
}
