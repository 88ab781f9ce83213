using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>
/// Decides for streams groups: who is a member, what the topology needs, who gets which task and what a member does next on
/// its way there. Groups change when the records it answers are replayed. Lives on its shard's thread.
/// </summary>
internal sealed partial class StreamsGroupProtocol(CoordinatorShardContext context, GroupRegistry groups, StreamsGroupConfig config, Func<IGroupTopics> topics)
{
    /// <summary>StreamsGroupHeartbeat; with the answer come the internal topics that are to be created.</summary>
    /// <exception cref="KafkaException">The request fails.</exception>
    public CoordinatorResult<StreamsHeartbeatResult> Heartbeat(GroupRequestContext request, StreamsGroupHeartbeatRequest heartbeat)
    {
        StreamsHeartbeatValidator.Validate(heartbeat);
        return heartbeat.MemberEpoch == StreamsHeartbeatValidator.LeaveEpoch ? Leave(heartbeat) : Beat(request, heartbeat);
    }

    private CoordinatorResult<StreamsHeartbeatResult> Beat(GroupRequestContext request, StreamsGroupHeartbeatRequest heartbeat)
    {
        var joins = heartbeat.MemberEpoch == 0;
        var records = new List<CoordinatorRecord>();
        var group = Find(heartbeat.GroupId, joins, records);
        var owned = OwnedOf(heartbeat);
        var known = FindMember(group, heartbeat, owned);
        var member = Update(known, request, heartbeat);
        var changed = !group.Members.ContainsKey(member.MemberId) || !known.SameMetadata(member);
        if (changed)
            records.Add(StreamsGroupRecords.Member(group.GroupId, member));

        var status = new List<StreamsGroupHeartbeatResponse.StatusData>();
        var topology = UpdateTopology(group, heartbeat.Topology, records);
        if (group.Topology is not null && member.TopologyEpoch < topology.Epoch)
            Tell(status, StreamsStatus.StaleTopology, $"The member's topology epoch {member.TopologyEpoch} is behind the group's topology epoch {topology.Epoch}.");

        var seen = topics();
        var (configured, hash) = Configure(group, topology, seen);
        if (configured.TaskCounts is { } counts && configured.IsReady && owned is not null)
            EnsureTasksExist(owned, counts);
        var standbyReplicas = StandbyReplicas(group.GroupId);
        var validated = configured.IsReady ? topology.Epoch : -1;
        var epoch = group.GroupEpoch;
        if (changed || hash != group.TopicsHash || validated != group.ValidatedTopologyEpoch || standbyReplicas != group.AssignedStandbyReplicas)
            records.Add(StreamsGroupRecords.Group(group.GroupId, ++epoch, hash, validated, standbyReplicas));

        DelayFirstAssignment(group);
        var members = group.Members.Values.Where(other => other.MemberId != member.MemberId).Append(member).ToList();
        var (targetEpoch, target) = MaybeAssign(group, member, members, topology, configured, epoch, status, records);
        var next = new StreamsAssignmentBuilder(targetEpoch, target, new TaskOwners(group.Members.Values), owned).Build(member);
        if (!ReferenceEquals(next, member))
            records.Add(StreamsGroupRecords.Current(group.GroupId, next));

        ScheduleSession(group.GroupId, member.MemberId);
        ScheduleRevocation(group.GroupId, next);
        if (heartbeat.ShutdownApplication)
            RequestShutdown(group, member.MemberId);
        var response = Answer(group, heartbeat, member, next, members, topology, configured);
        if (configured.Problem is { } problem)
            Tell(status, problem.Status, problem.Detail);
        if (group.ShutdownRequestedBy is { } requester)
            Tell(status, StreamsStatus.ShutdownApplication, $"Streams group member {requester} encountered a fatal error and requested a shutdown for the entire application.");
        response.Status = status;
        return new(records, new StreamsHeartbeatResult(response, configured.MissingTopics));
    }

    /// <summary>The topology of the group: the first that a member brings. Another one of a later epoch is not taken yet, as in Kafka.</summary>
    private static StreamsGroupTopologyValue UpdateTopology(StreamsGroup group, StreamsGroupHeartbeatRequest.TopologyData? said, List<CoordinatorRecord> records)
    {
        if (said is null)
            return group.Topology ?? throw new InvalidOperationException("The topology is null and the group topology is also null.");
        var topology = StreamsTopologies.ToRecord(said);
        if (group.Topology is not { } known)
        {
            records.Add(StreamsGroupRecords.Topology(group.GroupId, topology));
            return topology;
        }

        if (known.Epoch <= topology.Epoch && !StreamsTopologies.AreSame(known, topology))
            throw new KafkaException(ErrorCode.InvalidRequest, "Topology updates are not supported yet.");
        return known;
    }

    /// <summary>Compares the topology with the topics there are, where either has changed.</summary>
    private (ConfiguredTopology Configured, long Hash) Configure(StreamsGroup group, StreamsGroupTopologyValue topology, IGroupTopics seen)
    {
        if (group.Topology is not null && group.Configured is { } configured && group.CheckedVersion == seen.Version)
            return (configured, group.TopicsHash);

        var hash = TopicsHash.Of(TopologyConfigurator.RequiredTopics(topology).ToImmutableSortedSet(StringComparer.Ordinal), seen);
        configured = TopologyConfigurator.Configure(topology, seen);
        if (configured.Problem is { } problem)
            context.Logger.TopologyNotReady(group.GroupId, topology.Epoch, problem.Detail);
        (group.Configured, group.CheckedVersion) = (configured, seen.Version);
        return (configured, hash);
    }

    private static void EnsureTasksExist(MemberTasks owned, IReadOnlyDictionary<string, int> counts)
    {
        foreach (var task in owned.Active.Tasks.Concat(owned.Standby.Tasks).Concat(owned.Warmup.Tasks))
        {
            if (!counts.TryGetValue(task.Subtopology, out var count))
                throw new KafkaException(ErrorCode.InvalidRequest, $"Subtopology {task.Subtopology} does not exist in the topology.");
            if (task.Partition < 0 || task.Partition >= count)
                throw new KafkaException(ErrorCode.InvalidRequest, $"Task {task.Partition} for subtopology {task.Subtopology} is invalid. Number of tasks for this subtopology: {count}");
        }
    }

    private (int Epoch, MemberTasks Target) MaybeAssign(
        StreamsGroup group, StreamsGroupMember? member, List<StreamsGroupMember> members, StreamsGroupTopologyValue topology, ConfiguredTopology configured, int epoch,
        List<StreamsGroupHeartbeatResponse.StatusData> status, List<CoordinatorRecord> records)
    {
        if (context.Timer.IsScheduled(DelayKey(group.GroupId)))
        {
            Tell(status, StreamsStatus.AssignmentDelayed, "Assignment delayed due to the configured initial rebalance delay.");
            return (group.TargetEpoch, MemberTasks.Empty);
        }

        if (group.TargetEpoch >= epoch)
            return (group.TargetEpoch, member is null ? MemberTasks.Empty : group.TargetOf(member.MemberId));
        if (group.AssignedAtMs != 0 && context.NowMs < group.AssignedAtMs + Setting(group.GroupId, "streams.assignment.interval.ms", config.AssignmentIntervalMs))
        {
            Tell(status, StreamsStatus.AssignmentDelayed, "Assignment delayed due to the configured assignment interval.");
            return (group.TargetEpoch, member is null ? MemberTasks.Empty : group.TargetOf(member.MemberId));
        }

        IReadOnlyList<StreamsTask> tasks = configured.IsReady
            ? [.. configured.TaskCounts!.OrderBy(subtopology => subtopology.Key, StringComparer.Ordinal).SelectMany(subtopology => Enumerable.Range(0, subtopology.Value).Select(partition => new StreamsTask(subtopology.Key, partition)))]
            : [];
        var stateful = topology.Subtopologies.Where(subtopology => subtopology.StateChangelogTopics.Count > 0).Select(subtopology => subtopology.SubtopologyId).ToHashSet(StringComparer.Ordinal);
        var assigned = StickyTaskAssignor.Assign(
            members.ToDictionary(one => one.MemberId, StringComparer.Ordinal), group.TargetOf, tasks, stateful.Contains, int.Parse(StandbyReplicas(group.GroupId), System.Globalization.CultureInfo.InvariantCulture));
        foreach (var memberId in assigned.Keys.Order(StringComparer.Ordinal))
        {
            if (!group.HasTarget(memberId) || !group.TargetOf(memberId).Equals(assigned[memberId]))
                records.Add(StreamsGroupRecords.Target(group.GroupId, memberId, assigned[memberId]));
        }

        records.Add(StreamsGroupRecords.TargetEpoch(group.GroupId, epoch, context.NowMs));
        return (epoch, member is null ? MemberTasks.Empty : assigned[member.MemberId]);
    }

    private static MemberTasks? OwnedOf(StreamsGroupHeartbeatRequest heartbeat) => heartbeat is { ActiveTasks: { } active, StandbyTasks: { } standby, WarmupTasks: { } warmup }
        ? new MemberTasks(ToTasks(active), ToTasks(standby), ToTasks(warmup))
        : null;

    private static TaskSet ToTasks(List<StreamsGroupHeartbeatRequest.TaskIds> tasks) => TaskSet.Of(tasks.Select(task => (task.SubtopologyId, task.Partitions)));

    private static void Tell(List<StreamsGroupHeartbeatResponse.StatusData> status, StreamsStatus code, string detail) =>
        status.Add(new() { StatusCode = (sbyte)code, StatusDetail = detail });

    private string StandbyReplicas(string groupId) =>
        Setting(groupId, "streams.num.standby.replicas", config.StandbyReplicas).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The group's own setting, or the broker's.</summary>
    private int Setting(string groupId, string key, int fallback) =>
        topics().GroupConfig(groupId, key) is { } value && int.TryParse(value, out var number) ? number : fallback;
}

/// <summary>What a heartbeat of a streams group leads to.</summary>
/// <param name="Response">The answer.</param>
/// <param name="MissingTopics">Internal topics that are to be created.</param>
public sealed record StreamsHeartbeatResult(StreamsGroupHeartbeatResponse Response, IReadOnlyList<CreateTopicsRequest.CreatableTopic> MissingTopics);
