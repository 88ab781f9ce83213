using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>Refuses StreamsGroupHeartbeat requests that make no sense, or that ask for what Kafka 4.3 does not support, with Kafka's words.</summary>
internal static class StreamsHeartbeatValidator
{
    public const int LeaveEpoch = -1;
    private const int LeaveStaticEpoch = -2;

    /// <exception cref="KafkaException">INVALID_REQUEST or STREAMS_INVALID_TOPOLOGY.</exception>
    public static void Validate(StreamsGroupHeartbeatRequest request)
    {
        Refuse(request.InstanceId is not null, "Static membership is not yet supported.");
        Refuse(request.TaskOffsets is not null, "TaskOffsets are not supported yet.");
        Refuse(request.TaskEndOffsets is not null, "TaskEndOffsets are not supported yet.");
        Refuse(request.WarmupTasks is { Count: > 0 }, "WarmupTasks are not supported yet.");
        Refuse(request.Topology?.Subtopologies.Exists(subtopology => subtopology.SourceTopicRegex.Count > 0) == true, "Regular expressions for source topics are not supported yet.");
        RefuseEmpty(request.MemberId, "MemberId");
        RefuseEmpty(request.GroupId, "GroupId");
        RefuseEmpty(request.RackId, "RackId");
        if (request.MemberEpoch == 0)
        {
            Refuse(request.RebalanceTimeoutMs == -1, "RebalanceTimeoutMs must be provided in first request.");
            Refuse(request.ActiveTasks is not { Count: 0 }, "ActiveTasks must be empty when (re-)joining.");
            Refuse(request.StandbyTasks is not { Count: 0 }, "StandbyTasks must be empty when (re-)joining.");
            Refuse(request.WarmupTasks is not { Count: 0 }, "WarmupTasks must be empty when (re-)joining.");
            Refuse(request.Topology is null, "Topology must be non-null when (re-)joining.");
            Validate(request.Topology!);
        }

        Refuse(request.MemberEpoch == LeaveStaticEpoch, "InstanceId can't be null.");
        Refuse(request.MemberEpoch < LeaveStaticEpoch, $"MemberEpoch is {request.MemberEpoch}, but must be greater than or equal to -2.");
        var said = (request.ActiveTasks is null ? 0 : 1) + (request.StandbyTasks is null ? 0 : 1) + (request.WarmupTasks is null ? 0 : 1);
        Refuse(said is 1 or 2, "If one task-type is non-null, all must be non-null.");
        Refuse(request.MemberEpoch != 0 && request.Topology is not null, "Topology can only be provided when (re-)joining.");
    }

    private static void Validate(StreamsGroupHeartbeatRequest.TopologyData topology)
    {
        if (topology.Subtopologies.SelectMany(subtopology => subtopology.StateChangelogTopics).FirstOrDefault(topic => topic.Partitions != 0) is { } changelog)
        {
            throw new KafkaException(ErrorCode.StreamsInvalidTopology,
                $"Changelog topic {changelog.Name} must have an undefined partition count, but it is set to {changelog.Partitions}.");
        }

        if (topology.Subtopologies.DistinctBy(subtopology => subtopology.SubtopologyId).Count() != topology.Subtopologies.Count)
            throw new KafkaException(ErrorCode.StreamsInvalidTopology, "Subtopology ids must be unique.");
    }

    private static void RefuseEmpty(string? value, string name) => Refuse(value is not null && string.IsNullOrWhiteSpace(value), $"{name} can't be empty.");

    private static void Refuse(bool isWrong, string message)
    {
        if (isWrong)
            throw new KafkaException(ErrorCode.InvalidRequest, message);
    }
}
