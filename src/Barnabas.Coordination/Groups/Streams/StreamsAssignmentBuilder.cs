using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>
/// Takes one member a step towards its target tasks: first it gives up what is no longer its own, then it moves to the target
/// epoch, then it gets what others have given up. One process never holds a task twice, since its members share state. Pure.
/// </summary>
/// <param name="targetEpoch">The epoch of the target assignment.</param>
/// <param name="target">The member's target tasks.</param>
/// <param name="owners">Who has which task now.</param>
/// <param name="owned">The tasks the member says it has, or null where it did not say.</param>
internal sealed class StreamsAssignmentBuilder(int targetEpoch, MemberTasks target, TaskOwners owners, MemberTasks? owned)
{
    /// <summary>The member after the step; the same instance where there is none to take.</summary>
    /// <exception cref="KafkaException">FENCED_MEMBER_EPOCH: the member's state is not known here; it must rejoin with nothing.</exception>
    public StreamsGroupMember Build(StreamsGroupMember member) => member.State switch
    {
        MemberState.Stable when member.MemberEpoch == targetEpoch => member,
        MemberState.Stable => Advance(member, member.MemberEpoch),
        MemberState.UnrevokedPartitions when owned is null || owned.OverlapsAny(member.PendingRevocation) => member,
        // What was to be given up is given up: the member may leave its epoch.
        MemberState.UnrevokedPartitions => Advance(member, member.MemberEpoch + 1),
        MemberState.UnreleasedPartitions => Advance(member, member.MemberEpoch),
        _ when owned is { IsEmpty: true } => Advance(member, targetEpoch),
        _ => throw new KafkaException(ErrorCode.FencedMemberEpoch, "The streams group member is in a unknown state. The member must abandon all its tasks and rejoin."),
    };

    private StreamsGroupMember Advance(StreamsGroupMember member, int memberEpoch)
    {
        var kept = member.Assigned.Intersect(target);
        var revoked = member.Assigned.Except(kept);
        var wanted = target.Except(kept);
        var process = member.ProcessId;
        var free = new MemberTasks(
            TaskSet.Of(wanted.Active.Tasks.Where(task => !owners.IsActive(task) && !owners.HasCopy(task, process))),
            TaskSet.Of(wanted.Standby.Tasks.Where(task => owners.ActiveProcess(task) != process && !owners.HasCopy(task, process))),
            TaskSet.Of(wanted.Warmup.Tasks.Where(task => owners.ActiveProcess(task) != process && !owners.HasCopy(task, process))));
        if (!revoked.IsEmpty && (owned is null || owned.OverlapsAny(revoked)))
            return Put(member.MoveTo(memberEpoch), MemberState.UnrevokedPartitions, kept, revoked);

        var waits = !wanted.Except(free).IsEmpty;
        return Put(member.MoveTo(targetEpoch), waits ? MemberState.UnreleasedPartitions : MemberState.Stable, kept.Union(free), MemberTasks.Empty);
    }

    private StreamsGroupMember Put(StreamsGroupMember member, MemberState state, MemberTasks assigned, MemberTasks pendingRevocation) => member with
    {
        State = state,
        Assigned = assigned,
        PendingRevocation = pendingRevocation,
        AssignmentEpochs = assigned.Active.Union(pendingRevocation.Active).Tasks.ToImmutableDictionary(task => task, task => member.AssignmentEpochs.GetValueOrDefault(task, targetEpoch)),
    };
}

/// <summary>Who has which task: assigned, or still to be given up.</summary>
internal sealed class TaskOwners
{
    private readonly Dictionary<StreamsTask, string> _active = [];
    private readonly HashSet<(StreamsTask, string)> _copies = [];

    public TaskOwners(IEnumerable<StreamsGroupMember> members)
    {
        foreach (var member in members)
        {
            var tasks = member.Assigned.Union(member.PendingRevocation);
            foreach (var task in tasks.Active.Tasks)
                _active[task] = member.ProcessId;
            foreach (var task in tasks.Standby.Tasks.Concat(tasks.Warmup.Tasks))
                _copies.Add((task, member.ProcessId));
        }
    }

    public bool IsActive(StreamsTask task) => _active.ContainsKey(task);

    public string? ActiveProcess(StreamsTask task) => _active.GetValueOrDefault(task);

    public bool HasCopy(StreamsTask task, string process) => _copies.Contains((task, process));
}
