using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

internal sealed partial class ShareGroupProtocol
{
    /// <summary>Applies a record of a share group.</summary>
    /// <returns>False if the record is of another kind.</returns>
    public bool Replay(CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case ShareGroupMetadataKey key when record.Value is null:
                if (groups.TryGet(key.GroupId, out var gone) && gone is ShareGroup)
                    groups.Remove(key.GroupId);
                return true;
            case ShareGroupMetadataKey key:
                GetOrCreate(key.GroupId).Replay((ShareGroupMetadataValue)record.Value);
                return true;
            case ShareGroupMemberMetadataKey key:
                On(key.GroupId, record, group => group.Replay(key, (ShareGroupMemberMetadataValue?)record.Value));
                return true;
            case ShareGroupTargetAssignmentMetadataKey key:
                On(key.GroupId, record, group => group.Replay((ShareGroupTargetAssignmentMetadataValue?)record.Value));
                return true;
            case ShareGroupTargetAssignmentMemberKey key:
                On(key.GroupId, record, group => group.Replay(key, (ShareGroupTargetAssignmentMemberValue?)record.Value));
                return true;
            case ShareGroupCurrentMemberAssignmentKey key:
                On(key.GroupId, record, group => group.Replay(key, (ShareGroupCurrentMemberAssignmentValue?)record.Value));
                return true;
            case ShareGroupStatePartitionMetadataKey key:
                On(key.GroupId, record, group => group.Replay((ShareGroupStatePartitionMetadataValue?)record.Value, context.NowMs));
                return true;
            default:
                return false;
        }
    }

    /// <summary>A tombstone of a group that is gone says nothing any more.</summary>
    private void On(string groupId, CoordinatorRecord record, Action<ShareGroup> replay)
    {
        if (record.Value is not null)
            replay(GetOrCreate(groupId));
        else if (groups.TryGet(groupId, out var found) && found is ShareGroup group)
            replay(group);
    }

    private ShareGroup GetOrCreate(string groupId)
    {
        if (groups.TryGet(groupId, out var found) && found is ShareGroup group)
            return group;

        group = new ShareGroup(groupId, context.Rollback);
        groups.Put(group);
        return group;
    }
}
