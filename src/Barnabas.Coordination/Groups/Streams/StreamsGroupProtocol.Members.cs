using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

internal sealed partial class StreamsGroupProtocol
{
    /// <summary>The group, or a new one beside the registry, which replay enters; an empty classic group makes room for it.</summary>
    private StreamsGroup Find(string groupId, bool create, List<CoordinatorRecord> records)
    {
        if (!groups.TryGet(groupId, out var found))
            return create ? new StreamsGroup(groupId, context.Rollback) : throw new KafkaException(ErrorCode.GroupIdNotFound, $"Streams group {groupId} not found.");
        if (found is StreamsGroup group)
            return group;
        if (!create || found.Type != GroupType.Classic || !found.IsEmpty)
            throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a streams group.");

        found.AddTombstones(records);
        return new StreamsGroup(groupId, context.Rollback);
    }

    private StreamsGroupMember FindMember(StreamsGroup group, StreamsGroupHeartbeatRequest heartbeat, MemberTasks? owned)
    {
        if (heartbeat.MemberEpoch == 0 && group.Members.Count >= config.MaxSize)
            throw new KafkaException(ErrorCode.GroupMaxSizeReached, $"The streams group has reached its maximum capacity of {config.MaxSize} members.");
        if (group.Members.TryGetValue(heartbeat.MemberId, out var member))
        {
            CheckEpoch(member, heartbeat.MemberEpoch, owned);
            return member;
        }

        if (heartbeat.MemberEpoch != 0)
            throw new KafkaException(ErrorCode.UnknownMemberId, $"Member {heartbeat.MemberId} is not a member of group {group.GroupId}.");
        context.Logger.StreamsMemberJoins(group.GroupId, heartbeat.MemberId);
        return new StreamsGroupMember(heartbeat.MemberId);
    }

    /// <summary>A member may be one epoch behind where the last reply was lost, as long as it has no task that is not its own.</summary>
    private static void CheckEpoch(StreamsGroupMember member, int received, MemberTasks? owned)
    {
        if (received == 0 || received == member.MemberEpoch)
            return;
        if (received > member.MemberEpoch)
        {
            throw new KafkaException(ErrorCode.FencedMemberEpoch,
                $"The streams group member has a greater member epoch ({received}) than the one known by the group coordinator ({member.MemberEpoch}). The member must abandon all its partitions and rejoin.");
        }

        if (received != member.PreviousMemberEpoch || owned is null || !owned.Except(member.Assigned).IsEmpty)
        {
            throw new KafkaException(ErrorCode.FencedMemberEpoch,
                $"The streams group member has a smaller member epoch ({received}) than the one known by the group coordinator ({member.MemberEpoch}). The member must abandon all its partitions and rejoin.");
        }
    }

    private static StreamsGroupMember Update(StreamsGroupMember member, GroupRequestContext request, StreamsGroupHeartbeatRequest heartbeat) => member with
    {
        RackId = heartbeat.RackId ?? member.RackId,
        RebalanceTimeoutMs = heartbeat.RebalanceTimeoutMs != -1 ? heartbeat.RebalanceTimeoutMs : member.RebalanceTimeoutMs,
        TopologyEpoch = heartbeat.Topology?.Epoch ?? member.TopologyEpoch,
        ClientId = request.ClientId,
        ClientHost = request.ClientHost,
        ProcessId = heartbeat.ProcessId ?? member.ProcessId,
        ClientTags = heartbeat.ClientTags?.DistinctBy(tag => tag.Key).ToImmutableSortedDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal) ?? member.ClientTags,
        UserEndpoint = heartbeat.UserEndpoint is { } endpoint ? (endpoint.Host, endpoint.Port) : member.UserEndpoint,
    };

    private CoordinatorResult<StreamsHeartbeatResult> Leave(StreamsGroupHeartbeatRequest heartbeat)
    {
        if (!groups.TryGet(heartbeat.GroupId, out var found) || found is not StreamsGroup group)
            throw new KafkaException(ErrorCode.GroupIdNotFound, found is null ? $"Group {heartbeat.GroupId} not found." : $"Group {heartbeat.GroupId} is not a streams group.");
        if (heartbeat.ShutdownApplication)
            RequestShutdown(group, heartbeat.MemberId);
        if (!group.Members.ContainsKey(heartbeat.MemberId))
            throw new KafkaException(ErrorCode.UnknownMemberId, $"Member {heartbeat.MemberId} is not a member of group {group.GroupId}.");

        context.Logger.StreamsMemberLeaves(group.GroupId, heartbeat.MemberId, "it said so");
        var response = new StreamsGroupHeartbeatResponse { MemberId = heartbeat.MemberId, MemberEpoch = heartbeat.MemberEpoch, Status = [] };
        return new(Remove(group, heartbeat.MemberId), new StreamsHeartbeatResult(response, []));
    }

    private void RequestShutdown(StreamsGroup group, string memberId)
    {
        if (group.ShutdownRequestedBy is not null)
            return;
        group.ShutdownRequestedBy = memberId;
        context.Logger.ShutdownRequested(group.GroupId, memberId);
    }

    private List<CoordinatorRecord> Remove(StreamsGroup group, string memberId)
    {
        CancelTimers(group.GroupId, memberId);
        var records = new List<CoordinatorRecord>();
        StreamsGroupRecords.AddMemberTombstones(records, group.GroupId, memberId);
        records.Add(StreamsGroupRecords.Group(group.GroupId, group.GroupEpoch + 1, group.TopicsHash, group.ValidatedTopologyEpoch, group.AssignedStandbyReplicas));
        return records;
    }
}
