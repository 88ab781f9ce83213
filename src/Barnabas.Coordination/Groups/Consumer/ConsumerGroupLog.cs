using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Groups.Consumer;

internal static partial class ConsumerGroupLog
{
    [LoggerMessage(201, LogLevel.Information, "Group {GroupId}: member {MemberId} (instance {InstanceId}) joins by the consumer protocol.")]
    public static partial void ConsumerMemberJoins(this ILogger logger, string groupId, string memberId, string? instanceId);

    [LoggerMessage(202, LogLevel.Information, "Group {GroupId}: member {MemberId} leaves, since {Why}. The others get its partitions with their next heartbeats.")]
    public static partial void ConsumerMemberLeaves(this ILogger logger, string groupId, string memberId, string why);

    [LoggerMessage(203, LogLevel.Information, "Group {GroupId}: static member {MemberId} (instance {InstanceId}) will be back. It keeps its partitions until its session ends.")]
    public static partial void ConsumerMemberPauses(this ILogger logger, string groupId, string memberId, string? instanceId);

    [LoggerMessage(204, LogLevel.Information, "Group {GroupId}: the classic group with {MemberCount} members becomes a KIP-848 group. Its members keep their partitions and rejoin one by one.")]
    public static partial void GroupUpgraded(this ILogger logger, string groupId, int memberCount);

    [LoggerMessage(205, LogLevel.Information, "Group {GroupId}: the KIP-848 group becomes a classic group, since all of its {MemberCount} members speak the classic protocol.")]
    public static partial void GroupDowngraded(this ILogger logger, string groupId, int memberCount);

    [LoggerMessage(206, LogLevel.Information, "Group {GroupId}: all members speak the classic protocol, but group.consumer.migration.policy or group.max.size keeps it a KIP-848 group.")]
    public static partial void GroupStaysConsumer(this ILogger logger, string groupId);
}
