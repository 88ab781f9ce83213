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
}
