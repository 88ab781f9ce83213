using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>
/// A streams group as its records say (KIP-1071). It changes by replay alone, through its shard's rollback log; what to write
/// is decided by <see cref="StreamsGroupProtocol"/>. Lives on its shard's thread.
/// </summary>
internal sealed partial class StreamsGroup(string groupId, RollbackLog rollback) : Group(groupId)
{
    private readonly TimelineDictionary<string, StreamsGroupMember> _members = new(rollback);
    private readonly TimelineDictionary<string, MemberTasks> _targets = new(rollback);

    public override GroupType Type => GroupType.Streams;

    public override string StateName => State.ToString();

    public override string ProtocolTypeName => "streams";

    public override bool IsEmpty => _members.Count == 0;

    public override OffsetExpiration? OffsetExpiration => Offsets.OffsetExpiration.SinceCommit;

    /// <summary>The epoch of the members and their topology. A new group stands at 1, as in Kafka.</summary>
    public int GroupEpoch { get; private set; } = 1;

    /// <summary>What the topics were at <see cref="GroupEpoch"/>.</summary>
    public long TopicsHash { get; private set; }

    /// <summary>The epoch of the topology whose topics were last found complete, or -1.</summary>
    public int ValidatedTopologyEpoch { get; private set; } = -1;

    /// <summary>num.standby.replicas as it was when tasks were last assigned, or null before.</summary>
    public string? AssignedStandbyReplicas { get; private set; }

    /// <summary>The group epoch that the target assignment was made for.</summary>
    public int TargetEpoch { get; private set; } = 1;

    /// <summary>When the target assignment was made, or 0 before the first. Milliseconds since 1970.</summary>
    public long AssignedAtMs { get; private set; }

    public StreamsGroupTopologyValue? Topology { get; private set; }

    /// <summary>The topology against the topics of <see cref="CheckedVersion"/>. Not written: after a load it is made again.</summary>
    public ConfiguredTopology? Configured { get; set; }

    /// <summary>The metadata version that was last looked at. Not written.</summary>
    public long CheckedVersion { get; set; } = -1;

    /// <summary>Rises whenever it changes where tasks are queried. Not written: members learn anew after a load.</summary>
    public int EndpointInformationEpoch { get; set; }

    /// <summary>The member that asked all to end, until the group is empty. Not written.</summary>
    public string? ShutdownRequestedBy { get; set; }

    public IReadOnlyDictionary<string, StreamsGroupMember> Members => _members;

    public StreamsGroupState State =>
        IsEmpty ? StreamsGroupState.Empty
        : Topology is null || ValidatedTopologyEpoch != Topology.Epoch ? StreamsGroupState.NotReady
        : GroupEpoch > TargetEpoch ? StreamsGroupState.Assigning
        : _members.Values.Any(member => !member.IsReconciledTo(TargetEpoch)) ? StreamsGroupState.Reconciling
        : StreamsGroupState.Stable;

    public MemberTasks TargetOf(string memberId) => _targets.TryGetValue(memberId, out var target) ? target : MemberTasks.Empty;

    public bool HasTarget(string memberId) => _targets.ContainsKey(memberId);

    public override bool IsSubscribedToTopic(string topic) => !IsEmpty && Topology is not null
        && Topology.Subtopologies.Any(subtopology => subtopology.SourceTopics.Contains(topic) || subtopology.RepartitionSourceTopics.Exists(one => one.Name == topic));

    public override CommitPartitionValidator? ValidateOffsetCommit(string memberId, string? groupInstanceId, int generationIdOrMemberEpoch, bool isTransactional, short apiVersion)
    {
        // The admin client, or one that keeps its offsets here without being a member.
        if (generationIdOrMemberEpoch < 0 && (IsEmpty || (isTransactional && memberId.Length == 0)))
            return null;

        var member = Member(memberId);
        const short firstVersionWithMemberEpochs = 9;
        if (!isTransactional && apiVersion < firstVersionWithMemberEpochs)
            throw new KafkaException(ErrorCode.UnsupportedVersion, $"OffsetCommit version {firstVersionWithMemberEpochs} or above must be used by members using the streams group protocol");
        if (generationIdOrMemberEpoch == member.MemberEpoch)
            return null;
        return generationIdOrMemberEpoch < member.MemberEpoch
            ? (topic, _, partition) => ValidateAssignmentEpoch(member, generationIdOrMemberEpoch, topic, partition)
            : throw new KafkaException(ErrorCode.StaleMemberEpoch, $"Received member epoch {generationIdOrMemberEpoch} is newer than current member epoch {member.MemberEpoch}.");
    }

    public override void ValidateOffsetFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
            return;

        ValidateEpoch(Member(memberId ?? ""), memberEpoch);
    }

    /// <summary>Members may be in the group; whether they read the topic is asked of each topic.</summary>
    public override void ValidateOffsetDelete()
    {
    }

    public override void ValidateDeleteGroup()
    {
        if (!IsEmpty)
            throw new KafkaException(ErrorCode.NonEmptyGroup, ErrorCodes.Message(ErrorCode.NonEmptyGroup));
    }

    public override void AddTombstones(List<CoordinatorRecord> records)
    {
        foreach (var memberId in _members.Keys)
            StreamsGroupRecords.AddMemberTombstones(records, GroupId, memberId);
        records.Add(CoordinatorRecord.Tombstone(new StreamsGroupTargetAssignmentMetadataKey { GroupId = GroupId }));
        records.Add(CoordinatorRecord.Tombstone(new StreamsGroupTopologyKey { GroupId = GroupId }));
        records.Add(CoordinatorRecord.Tombstone(new StreamsGroupMetadataKey { GroupId = GroupId }));
    }

    private StreamsGroupMember Member(string memberId) =>
        _members.TryGetValue(memberId, out var member)
            ? member
            : throw new KafkaException(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {GroupId}.");

    /// <summary>A member that has not heard of its new epoch yet commits for the tasks it had before that.</summary>
    private void ValidateAssignmentEpoch(StreamsGroupMember member, int memberEpoch, string topic, int partition)
    {
        var subtopology = Topology?.Subtopologies.Find(one => one.SourceTopics.Contains(topic) || one.RepartitionSourceTopics.Exists(repartition => repartition.Name == topic))
            ?? throw new KafkaException(ErrorCode.StaleMemberEpoch, $"Topic {topic} is not in the topology.");
        if (!member.AssignmentEpochs.TryGetValue(new StreamsTask(subtopology.SubtopologyId, partition), out var assignmentEpoch))
            throw new KafkaException(ErrorCode.StaleMemberEpoch, $"Task {subtopology.SubtopologyId}-{partition} is not assigned or pending revocation for member.");
        if (memberEpoch < assignmentEpoch)
            throw new KafkaException(ErrorCode.StaleMemberEpoch, $"Received member epoch {memberEpoch} is older than assignment epoch {assignmentEpoch} for task {subtopology.SubtopologyId}-{partition}.");
    }

    private static void ValidateEpoch(StreamsGroupMember member, int memberEpoch)
    {
        if (memberEpoch != member.MemberEpoch)
            throw new KafkaException(ErrorCode.StaleMemberEpoch, $"The received member epoch {memberEpoch} does not match the expected member epoch {member.MemberEpoch}.");
    }
}
