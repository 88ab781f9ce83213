using Barnabas.Coordination.Groups.Classic;
using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

/// <summary>Makes the records of classic groups and offsets, at the versions Apache Kafka 4.3 writes.</summary>
internal static class GroupRecords
{
    private const short GroupMetadataVersion = 3;
    private const short OffsetCommitVersion = 4;

    /// <summary>The one version that has room for an expiry time, which OffsetCommit v2-v4 may ask for.</summary>
    private const short OffsetCommitWithExpiryVersion = 1;

    /// <summary>The group with its members and <paramref name="assignments"/>; members without one get an empty one.</summary>
    public static CoordinatorRecord GroupMetadata(ClassicGroup group, IReadOnlyDictionary<string, byte[]> assignments)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = group.ProtocolType ?? "",
            Generation = group.GenerationId,
            Protocol = group.ProtocolName,
            Leader = group.LeaderId,
            CurrentStateTimestamp = group.CurrentStateTimestampMs ?? -1,
        };
        foreach (var member in group.Members)
        {
            value.Members.Add(new GroupMetadataValue.MemberMetadata
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeoutMs,
                SessionTimeout = member.SessionTimeoutMs,
                Subscription = member.MetadataOf(group.ProtocolName),
                Assignment = assignments.GetValueOrDefault(member.MemberId, []),
            });
        }

        return new CoordinatorRecord(new GroupMetadataKey { Group = group.GroupId }, value, GroupMetadataVersion);
    }

    /// <summary>A group that was only just made.</summary>
    public static CoordinatorRecord EmptyGroupMetadata(ClassicGroup group) => new(
        new GroupMetadataKey { Group = group.GroupId },
        new GroupMetadataValue
        {
            ProtocolType = "",
            Generation = 0,
            Protocol = null,
            Leader = null,
            CurrentStateTimestamp = group.CurrentStateTimestampMs ?? -1,
        },
        GroupMetadataVersion);

    public static CoordinatorRecord GroupMetadataTombstone(string groupId) =>
        CoordinatorRecord.Tombstone(new GroupMetadataKey { Group = groupId });

    public static CoordinatorRecord OffsetCommit(string groupId, string topic, int partition, OffsetAndMetadata offset) => new(
        OffsetKey(groupId, topic, partition),
        new OffsetCommitValue
        {
            Offset = offset.CommittedOffset,
            LeaderEpoch = offset.LeaderEpoch ?? -1,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommitTimestampMs,
            ExpireTimestamp = offset.ExpireTimestampMs ?? -1,
            TopicId = offset.TopicId,
        },
        offset.ExpireTimestampMs is null ? OffsetCommitVersion : OffsetCommitWithExpiryVersion);

    public static CoordinatorRecord OffsetCommitTombstone(string groupId, string topic, int partition) =>
        CoordinatorRecord.Tombstone(OffsetKey(groupId, topic, partition));

    private static OffsetCommitKey OffsetKey(string groupId, string topic, int partition) =>
        new() { Group = groupId, Topic = topic, Partition = partition };
}
