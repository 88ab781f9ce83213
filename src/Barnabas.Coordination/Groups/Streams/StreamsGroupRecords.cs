using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>Makes the records of streams groups, as Apache Kafka 4.3 writes them.</summary>
internal static class StreamsGroupRecords
{
    public const string StandbyReplicasConfig = "num.standby.replicas";

    public static CoordinatorRecord Group(string groupId, int epoch, long topicsHash, int validatedTopologyEpoch, string? standbyReplicas) => new(
        new StreamsGroupMetadataKey { GroupId = groupId },
        new StreamsGroupMetadataValue
        {
            Epoch = epoch,
            MetadataHash = topicsHash,
            ValidatedTopologyEpoch = validatedTopologyEpoch,
            LastAssignmentConfigs = standbyReplicas is null ? [] : [new() { Key = StandbyReplicasConfig, Value = standbyReplicas }],
        },
        0);

    public static CoordinatorRecord Topology(string groupId, StreamsGroupTopologyValue topology) => new(new StreamsGroupTopologyKey { GroupId = groupId }, topology, 0);

    public static CoordinatorRecord Member(string groupId, StreamsGroupMember member) => new(
        new StreamsGroupMemberMetadataKey { GroupId = groupId, MemberId = member.MemberId },
        new StreamsGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            TopologyEpoch = member.TopologyEpoch,
            ProcessId = member.ProcessId,
            UserEndpoint = member.UserEndpoint is { } endpoint ? new() { Host = endpoint.Host, Port = endpoint.Port } : null,
            ClientTags = [.. member.ClientTags.Select(tag => new StreamsGroupMemberMetadataValue.KeyValue { Key = tag.Key, Value = tag.Value })],
        },
        0);

    public static CoordinatorRecord TargetEpoch(string groupId, int epoch, long nowMs) => new(
        new StreamsGroupTargetAssignmentMetadataKey { GroupId = groupId },
        new StreamsGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = nowMs }, 0);

    public static CoordinatorRecord Target(string groupId, string memberId, MemberTasks target) => new(
        new StreamsGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId },
        new StreamsGroupTargetAssignmentMemberValue { ActiveTasks = ToTargets(target.Active), StandbyTasks = ToTargets(target.Standby), WarmupTasks = ToTargets(target.Warmup) }, 0);

    public static CoordinatorRecord Current(string groupId, StreamsGroupMember member) => new(
        new StreamsGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = member.MemberId },
        new StreamsGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.MemberEpoch,
            PreviousMemberEpoch = member.PreviousMemberEpoch,
            State = (sbyte)member.State,
            ActiveTasks = ToCurrent(member.Assigned.Active, member),
            StandbyTasks = ToCurrent(member.Assigned.Standby),
            WarmupTasks = ToCurrent(member.Assigned.Warmup),
            ActiveTasksPendingRevocation = ToCurrent(member.PendingRevocation.Active, member),
            StandbyTasksPendingRevocation = ToCurrent(member.PendingRevocation.Standby),
            WarmupTasksPendingRevocation = ToCurrent(member.PendingRevocation.Warmup),
        },
        0);

    /// <summary>The member goes: first what it has, then what it should have, then itself.</summary>
    public static void AddMemberTombstones(List<CoordinatorRecord> records, string groupId, string memberId)
    {
        records.Add(CoordinatorRecord.Tombstone(new StreamsGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId }));
        records.Add(CoordinatorRecord.Tombstone(new StreamsGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId }));
        records.Add(CoordinatorRecord.Tombstone(new StreamsGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId }));
    }

    private static List<StreamsGroupTargetAssignmentMemberValue.TaskIds> ToTargets(TaskSet tasks) =>
        [.. tasks.Partitions.Select(entry => new StreamsGroupTargetAssignmentMemberValue.TaskIds { SubtopologyId = entry.Key, Partitions = [.. entry.Value] })];

    private static List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> ToCurrent(TaskSet tasks, StreamsGroupMember? epochsOf = null) =>
        [.. tasks.Partitions.Select(entry => new StreamsGroupCurrentMemberAssignmentValue.TaskIds
        {
            SubtopologyId = entry.Key,
            Partitions = [.. entry.Value],
            AssignmentEpochs = epochsOf is null ? null : [.. entry.Value.Select(partition => epochsOf.AssignmentEpochs.GetValueOrDefault(new StreamsTask(entry.Key, partition)))],
        })];
}
