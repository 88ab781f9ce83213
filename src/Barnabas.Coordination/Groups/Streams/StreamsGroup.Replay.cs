using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

internal sealed partial class StreamsGroup
{
    public void Replay(StreamsGroupMetadataValue value)
    {
        var previous = (GroupEpoch, TopicsHash, ValidatedTopologyEpoch, AssignedStandbyReplicas);
        rollback.Add(() => (GroupEpoch, TopicsHash, ValidatedTopologyEpoch, AssignedStandbyReplicas) = previous);
        (GroupEpoch, TopicsHash, ValidatedTopologyEpoch) = (value.Epoch, value.MetadataHash, value.ValidatedTopologyEpoch);
        AssignedStandbyReplicas = value.LastAssignmentConfigs?.Find(config => config.Key == StreamsGroupRecords.StandbyReplicasConfig)?.Value;
    }

    public void Replay(StreamsGroupTargetAssignmentMetadataValue? value)
    {
        var (epoch, assignedAtMs) = (TargetEpoch, AssignedAtMs);
        rollback.Add(() => (TargetEpoch, AssignedAtMs) = (epoch, assignedAtMs));
        (TargetEpoch, AssignedAtMs) = (value?.AssignmentEpoch ?? -1, value?.AssignmentTimestamp ?? 0);
    }

    public void Replay(StreamsGroupTopologyValue? value)
    {
        var previous = (Topology, Configured);
        rollback.Add(() => (Topology, Configured) = previous);
        // What was made of the topology in the same request stands.
        (Topology, Configured) = (value, Configured is { } configured && configured.Epoch == value?.Epoch ? configured : null);
    }

    public void Replay(StreamsGroupMemberMetadataKey key, StreamsGroupMemberMetadataValue? value)
    {
        if (value is null)
        {
            _members.Remove(key.MemberId);
            if (IsEmpty)
                ShutdownRequestedBy = null;
            return;
        }

        var member = _members.TryGetValue(key.MemberId, out var known) ? known : new StreamsGroupMember(key.MemberId);
        _members.Put(key.MemberId, member with
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            RebalanceTimeoutMs = value.RebalanceTimeoutMs,
            TopologyEpoch = value.TopologyEpoch,
            ProcessId = value.ProcessId,
            UserEndpoint = value.UserEndpoint is { } endpoint ? (endpoint.Host, endpoint.Port) : null,
            ClientTags = value.ClientTags.ToImmutableSortedDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal),
        });
    }

    public void Replay(StreamsGroupTargetAssignmentMemberKey key, StreamsGroupTargetAssignmentMemberValue? value)
    {
        if (value is null)
        {
            _targets.Remove(key.MemberId);
            return;
        }

        _targets.Put(key.MemberId, new MemberTasks(
            TaskSet.Of(value.ActiveTasks.Select(task => (task.SubtopologyId, task.Partitions))),
            TaskSet.Of(value.StandbyTasks.Select(task => (task.SubtopologyId, task.Partitions))),
            TaskSet.Of(value.WarmupTasks.Select(task => (task.SubtopologyId, task.Partitions)))));
    }

    public void Replay(StreamsGroupCurrentMemberAssignmentKey key, StreamsGroupCurrentMemberAssignmentValue? value)
    {
        if (!_members.TryGetValue(key.MemberId, out var member))
            return;

        if (value is null)
        {
            _members.Put(key.MemberId, member with { MemberEpoch = -1, PreviousMemberEpoch = -1, State = MemberState.Stable, Assigned = MemberTasks.Empty, PendingRevocation = MemberTasks.Empty, AssignmentEpochs = member.AssignmentEpochs.Clear() });
            return;
        }

        var epochs = ImmutableDictionary.CreateBuilder<StreamsTask, int>();
        foreach (var tasks in value.ActiveTasks.Concat(value.ActiveTasksPendingRevocation))
            for (var i = 0; i < tasks.Partitions.Count; i++)
                epochs[new StreamsTask(tasks.SubtopologyId, tasks.Partitions[i])] = tasks.AssignmentEpochs is { } known && i < known.Count ? known[i] : value.MemberEpoch;
        _members.Put(key.MemberId, member with
        {
            MemberEpoch = value.MemberEpoch,
            PreviousMemberEpoch = value.PreviousMemberEpoch,
            State = Enum.IsDefined((MemberState)value.State) ? (MemberState)value.State : MemberState.Unknown,
            Assigned = new MemberTasks(ToTasks(value.ActiveTasks), ToTasks(value.StandbyTasks), ToTasks(value.WarmupTasks)),
            PendingRevocation = new MemberTasks(ToTasks(value.ActiveTasksPendingRevocation), ToTasks(value.StandbyTasksPendingRevocation), ToTasks(value.WarmupTasksPendingRevocation)),
            AssignmentEpochs = epochs.ToImmutable(),
        });
    }

    private static TaskSet ToTasks(List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> tasks) => TaskSet.Of(tasks.Select(task => (task.SubtopologyId, task.Partitions)));
}
