using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Groups.Share;

internal static partial class ShareGroupLog
{
    [LoggerMessage(151, LogLevel.Information, "Share group {GroupId}: member {MemberId} joins.")]
    public static partial void ShareMemberJoins(this ILogger logger, string groupId, string memberId);

    [LoggerMessage(152, LogLevel.Information, "Share group {GroupId}: member {MemberId} is removed because {Reason}.")]
    public static partial void ShareMemberLeaves(this ILogger logger, string groupId, string memberId, string reason);

    [LoggerMessage(153, LogLevel.Warning, "Share group {GroupId}: the state of its partitions could not begin ({Error}: {ErrorMessage}). It is tried again with a later heartbeat.")]
    public static partial void ShareStateNotBegun(this ILogger logger, string groupId, string error, string? errorMessage);

    [LoggerMessage(154, LogLevel.Warning, "Share group {GroupId}: that the state of its partitions has begun could not be noted. It is tried again with a later heartbeat.")]
    public static partial void ShareStateNotNoted(this ILogger logger, Exception exception, string groupId);
}
