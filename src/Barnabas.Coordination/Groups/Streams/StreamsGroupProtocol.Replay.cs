using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

internal sealed partial class StreamsGroupProtocol
{
    /// <summary>Applies a record of a streams group.</summary>
    /// <returns>False if the record is of another kind.</returns>
    public bool Replay(CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case StreamsGroupMetadataKey key when record.Value is null:
                if (groups.TryGet(key.GroupId, out var gone) && gone is StreamsGroup)
                    groups.Remove(key.GroupId);
                return true;
            case StreamsGroupMetadataKey key:
                GetOrCreate(key.GroupId).Replay((StreamsGroupMetadataValue)record.Value);
                return true;
            case StreamsGroupMemberMetadataKey key:
                On(key.GroupId, record, group => group.Replay(key, (StreamsGroupMemberMetadataValue?)record.Value));
                return true;
            case StreamsGroupTargetAssignmentMetadataKey key:
                On(key.GroupId, record, group => group.Replay((StreamsGroupTargetAssignmentMetadataValue?)record.Value));
                return true;
            case StreamsGroupTargetAssignmentMemberKey key:
                On(key.GroupId, record, group => group.Replay(key, (StreamsGroupTargetAssignmentMemberValue?)record.Value));
                return true;
            case StreamsGroupCurrentMemberAssignmentKey key:
                On(key.GroupId, record, group => group.Replay(key, (StreamsGroupCurrentMemberAssignmentValue?)record.Value));
                return true;
            case StreamsGroupTopologyKey key:
                On(key.GroupId, record, group => group.Replay((StreamsGroupTopologyValue?)record.Value));
                return true;
            default:
                return false;
        }
    }

    /// <summary>A tombstone of a group that is gone says nothing any more.</summary>
    private void On(string groupId, CoordinatorRecord record, Action<StreamsGroup> replay)
    {
        if (record.Value is not null)
            replay(GetOrCreate(groupId));
        else if (groups.TryGet(groupId, out var found) && found is StreamsGroup group)
            replay(group);
    }

    private StreamsGroup GetOrCreate(string groupId)
    {
        if (groups.TryGet(groupId, out var found) && found is StreamsGroup group)
            return group;

        group = new StreamsGroup(groupId, context.Rollback);
        groups.Put(group);
        return group;
    }
}
