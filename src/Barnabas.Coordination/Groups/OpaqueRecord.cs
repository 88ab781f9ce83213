using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

/// <summary>What a record of a protocol this node does not run says about its group.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="GroupType">Its protocol.</param>
/// <param name="Identity">What makes the record's key unique within the group.</param>
/// <param name="MemberId">The member whose existence the record says, or null.</param>
internal sealed record OpaqueRecord(string GroupId, GroupType GroupType, string Identity, string? MemberId)
{
    /// <summary>Reads the key of <paramref name="record"/>.</summary>
    public static OpaqueRecord Of(CoordinatorRecord record) => record.Key switch
    {
        StreamsGroupMetadataKey key => Group(record, key.GroupId, GroupType.Streams),
        StreamsGroupMemberMetadataKey key => Member(record, key.GroupId, GroupType.Streams, key.MemberId, true),
        StreamsGroupTargetAssignmentMetadataKey key => Group(record, key.GroupId, GroupType.Streams),
        StreamsGroupTargetAssignmentMemberKey key => Member(record, key.GroupId, GroupType.Streams, key.MemberId, false),
        StreamsGroupCurrentMemberAssignmentKey key => Member(record, key.GroupId, GroupType.Streams, key.MemberId, false),
        StreamsGroupTopologyKey key => Group(record, key.GroupId, GroupType.Streams),
        _ => throw new InvalidOperationException($"Record type {record.Type} is not of a group."),
    };

    private static OpaqueRecord Group(CoordinatorRecord record, string groupId, GroupType type) =>
        new(groupId, type, $"{record.Type}", null);

    private static OpaqueRecord Member(CoordinatorRecord record, string groupId, GroupType type, string memberId, bool saysMemberExists) =>
        new(groupId, type, $"{record.Type}/{memberId}", saysMemberExists ? memberId : null);
}
