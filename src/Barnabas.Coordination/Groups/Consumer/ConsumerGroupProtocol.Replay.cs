using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

internal sealed partial class ConsumerGroupProtocol
{
    /// <summary>Applies a record of a KIP-848 group.</summary>
    /// <returns>False if the record is of another kind.</returns>
    public bool Replay(CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case ConsumerGroupMetadataKey key when record.Value is null:
                if (groups.TryGet(key.GroupId, out var gone) && gone is ConsumerGroup)
                    groups.Remove(key.GroupId);
                return true;
            case ConsumerGroupMetadataKey key:
                GetOrCreate(key.GroupId).Replay((ConsumerGroupMetadataValue)record.Value);
                return true;
            case ConsumerGroupMemberMetadataKey key:
                On(key.GroupId, record, group => group.Replay(key, (ConsumerGroupMemberMetadataValue?)record.Value));
                return true;
            case ConsumerGroupTargetAssignmentMetadataKey key:
                On(key.GroupId, record, group => group.Replay((ConsumerGroupTargetAssignmentMetadataValue?)record.Value ?? new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = -1 }));
                return true;
            case ConsumerGroupTargetAssignmentMemberKey key:
                On(key.GroupId, record, group => group.Replay(key, (ConsumerGroupTargetAssignmentMemberValue?)record.Value));
                return true;
            case ConsumerGroupCurrentMemberAssignmentKey key:
                On(key.GroupId, record, group => group.Replay(key, (ConsumerGroupCurrentMemberAssignmentValue?)record.Value));
                return true;
            case ConsumerGroupRegularExpressionKey key:
                On(key.GroupId, record, group => group.Replay(key, (ConsumerGroupRegularExpressionValue?)record.Value));
                return true;
            // Coordinators before 4.1 wrote the topics here; their hash in the group's own record replaced it.
            case ConsumerGroupPartitionMetadataKey:
                return true;
            default:
                return false;
        }
    }

    /// <summary>A tombstone of a group that is gone says nothing any more.</summary>
    private void On(string groupId, CoordinatorRecord record, Action<ConsumerGroup> replay)
    {
        if (record.Value is not null)
            replay(GetOrCreate(groupId));
        else if (groups.TryGet(groupId, out var found) && found is ConsumerGroup group)
            replay(group);
    }

    private ConsumerGroup GetOrCreate(string groupId)
    {
        if (groups.TryGet(groupId, out var found) && found is ConsumerGroup group)
            return group;

        group = new ConsumerGroup(groupId, context.Rollback);
        groups.Put(group);
        return group;
    }

    /// <summary>Applies a record that a change to KIP-848 begins with to the group it makes.</summary>
    private static void Replay(ConsumerGroup group, CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case ConsumerGroupMetadataKey:
                group.Replay((ConsumerGroupMetadataValue)record.Value!);
                break;
            case ConsumerGroupMemberMetadataKey key:
                group.Replay(key, (ConsumerGroupMemberMetadataValue)record.Value!);
                break;
            case ConsumerGroupTargetAssignmentMetadataKey:
                group.Replay((ConsumerGroupTargetAssignmentMetadataValue)record.Value!);
                break;
            case ConsumerGroupTargetAssignmentMemberKey key:
                group.Replay(key, (ConsumerGroupTargetAssignmentMemberValue)record.Value!);
                break;
            case ConsumerGroupCurrentMemberAssignmentKey key:
                group.Replay(key, (ConsumerGroupCurrentMemberAssignmentValue)record.Value!);
                break;
        }
    }
}
