using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

internal sealed partial class StreamsGroupProtocol
{
    private StreamsGroupHeartbeatResponse Answer(
        StreamsGroup group, StreamsGroupHeartbeatRequest heartbeat, StreamsGroupMember member, StreamsGroupMember next, List<StreamsGroupMember> members,
        StreamsGroupTopologyValue topology, ConfiguredTopology configured)
    {
        var response = new StreamsGroupHeartbeatResponse
        {
            MemberId = next.MemberId,
            MemberEpoch = next.MemberEpoch,
            HeartbeatIntervalMs = Setting(group.GroupId, "streams.heartbeat.interval.ms", config.HeartbeatIntervalMs),
        };
        if (heartbeat.MemberEpoch == 0 || !next.Assigned.Equals(member.Assigned))
        {
            response.ActiveTasks = ToResponse(next.Assigned.Active);
            response.StandbyTasks = ToResponse(next.Assigned.Standby);
            response.WarmupTasks = ToResponse(next.Assigned.Warmup);
            if (next.UserEndpoint is not null)
                group.EndpointInformationEpoch++;
        }

        if (group.EndpointInformationEpoch != heartbeat.EndpointInformationEpoch)
            response.PartitionsByUserEndpoint = [.. members.Select(one => one.MemberId == next.MemberId ? next : one).Where(one => one.UserEndpoint is not null).Select(one => Endpoint(one, topology, configured))];
        // A group that is only now made does not keep the epoch: its first member asks again.
        if (groups.TryGet(group.GroupId, out var kept) && ReferenceEquals(kept, group))
            response.EndpointInformationEpoch = group.EndpointInformationEpoch;
        return response;
    }

    private StreamsGroupHeartbeatResponse.EndpointToPartitions Endpoint(StreamsGroupMember member, StreamsGroupTopologyValue topology, ConfiguredTopology configured) => new()
    {
        UserEndpoint = new() { Host = member.UserEndpoint!.Value.Host, Port = member.UserEndpoint.Value.Port },
        ActivePartitions = configured.IsReady ? Partitions(member.Assigned.Active, topology) : [],
        StandbyPartitions = configured.IsReady ? Partitions(member.Assigned.Standby, topology) : [],
    };

    /// <summary>A source topic with fewer partitions than the largest has none for the higher tasks.</summary>
    private List<StreamsGroupHeartbeatResponse.TopicPartition> Partitions(TaskSet tasks, StreamsGroupTopologyValue topology)
    {
        var partitions = new List<StreamsGroupHeartbeatResponse.TopicPartition>();
        var seen = topics();
        foreach (var subtopology in topology.Subtopologies)
        {
            var mine = tasks[subtopology.SubtopologyId];
            foreach (var name in subtopology.SourceTopics.Concat(subtopology.RepartitionSourceTopics.Select(topic => topic.Name)))
            {
                if (seen.TryGet(name, out var topic) && mine.Where(partition => partition < topic.PartitionCount).ToList() is { Count: > 0 } present)
                    partitions.Add(new() { Topic = name, Partitions = present });
            }
        }

        return partitions;
    }

    private static List<StreamsGroupHeartbeatResponse.TaskIds> ToResponse(TaskSet tasks) =>
        [.. tasks.Partitions.Select(entry => new StreamsGroupHeartbeatResponse.TaskIds { SubtopologyId = entry.Key, Partitions = [.. entry.Value] })];
}
