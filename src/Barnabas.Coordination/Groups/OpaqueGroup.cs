using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>
/// A group of a protocol this node does not run, known from records that another broker wrote. It is listed, keeps its
/// records and offsets, refuses members of other protocols while it has its own, and can be deleted once it has none.
/// </summary>
internal sealed class OpaqueGroup(string groupId, GroupType type, RollbackLog rollback) : Group(groupId)
{
    private readonly TimelineDictionary<string, CoordinatorRecord> _records = new(rollback);
    private readonly TimelineDictionary<string, bool> _members = new(rollback);

    public override GroupType Type { get; } = type;

    public override bool IsEmpty => _members.Count == 0;

    public override string StateName => IsEmpty ? "Empty" : "Stable";

    public override string ProtocolTypeName => Type == GroupType.Consumer ? "consumer" : Type == GroupType.Share ? "share" : "streams";

    public override bool ShouldExpire => Type != GroupType.Share;

    /// <summary>Whether no record of the group is left.</summary>
    public bool HasNoRecords => _records.Count == 0;

    public override OffsetExpiration? OffsetExpiration =>
        IsEmpty ? Offsets.OffsetExpiration.SinceCommit : null;

    /// <summary>Keeps or forgets one record of the group.</summary>
    /// <param name="identity">What makes the record's key unique within the group.</param>
    /// <param name="memberId">The member whose existence the record says, or null.</param>
    /// <param name="record">The record; a tombstone forgets.</param>
    public void Replay(string identity, string? memberId, CoordinatorRecord record)
    {
        if (record.Value is null)
        {
            _records.Remove(identity);
            if (memberId is not null)
                _members.Remove(memberId);
            return;
        }

        _records.Put(identity, record);
        if (memberId is not null)
            _members.Put(memberId, true);
    }

    public override void ValidateOffsetCommit(string memberId, string? groupInstanceId, int generationIdOrMemberEpoch, bool isTransactional, short apiVersion)
    {
        if (generationIdOrMemberEpoch < 0 && IsEmpty)
            return;

        throw new KafkaException(ErrorCode.UnknownMemberId);
    }

    public override void ValidateOffsetFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
            return;

        throw new KafkaException(ErrorCode.UnknownMemberId);
    }

    public override void ValidateOffsetDelete()
    {
        if (!IsEmpty)
            throw new KafkaException(ErrorCode.NonEmptyGroup);
    }

    public override void ValidateDeleteGroup()
    {
        if (!IsEmpty)
            throw new KafkaException(ErrorCode.NonEmptyGroup);
    }

    public override bool IsSubscribedToTopic(string topic) => !IsEmpty;

    public override void AddTombstones(List<CoordinatorRecord> records)
    {
        foreach (var record in _records.Values)
            records.Add(CoordinatorRecord.Tombstone(record.Key));
    }
}
