using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>Refuses ConsumerGroupHeartbeat requests that make no sense, with Kafka's words.</summary>
internal static class ConsumerGroupHeartbeatValidator
{
    /// <summary>The epoch by which a static member says that it will be back.</summary>
    public const int LeaveStaticEpoch = -2;

    /// <summary>The epoch by which a member leaves.</summary>
    public const int LeaveEpoch = -1;

    /// <summary>The first version whose members choose their own ids.</summary>
    private const short ClientMadeMemberIdVersion = 1;

    /// <exception cref="KafkaException">INVALID_REQUEST, UNSUPPORTED_ASSIGNOR or INVALID_REGULAR_EXPRESSION.</exception>
    public static void Validate(ConsumerGroupHeartbeatRequest request, short version, ConsumerGroupConfig config)
    {
        if (version >= ClientMadeMemberIdVersion || request.MemberEpoch != 0)
            RefuseEmpty(request.MemberId, "MemberId");
        RefuseEmpty(request.GroupId, "GroupId");
        RefuseEmpty(request.InstanceId, "InstanceId");
        RefuseEmpty(request.RackId, "RackId");
        switch (request.MemberEpoch)
        {
            case 0:
                if (request.RebalanceTimeoutMs == -1)
                    throw Invalid("RebalanceTimeoutMs must be provided in first request.");
                if (request.TopicPartitions is not { Count: 0 })
                    throw Invalid("TopicPartitions must be empty when (re-)joining.");
                if (request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null)
                    throw Invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
                break;
            case LeaveStaticEpoch when request.InstanceId is null:
                throw Invalid("InstanceId can't be null.");
            case < LeaveStaticEpoch:
                throw Invalid("MemberEpoch is invalid.");
        }

        if (request.ServerAssignor is { } assignor && config.FindAssignor(assignor) is null)
        {
            throw new KafkaException(ErrorCode.UnsupportedAssignor,
                $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", config.Assignors.Select(supported => supported.Name))}.");
        }

        if (!string.IsNullOrEmpty(request.SubscribedTopicRegex))
            SubscriptionPattern.Validate(request.SubscribedTopicRegex);
    }

    private static void RefuseEmpty(string? value, string name)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
            throw Invalid($"{name} can't be empty.");
    }

    private static KafkaException Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
