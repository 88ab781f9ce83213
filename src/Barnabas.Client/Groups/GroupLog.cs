using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Groups;

internal static partial class GroupLog
{
    [LoggerMessage(109, LogLevel.Information, "(Re-)joining group {Group}: {Reason}.")]
    public static partial void Joining(ILogger logger, string group, string reason);

    [LoggerMessage(110, LogLevel.Information, "Joined group {Group} as {Member}, generation {Generation}, protocol {Protocol}, leader: {IsLeader}.")]
    public static partial void Joined(ILogger logger, string group, string member, int generation, string protocol, bool isLeader);

    [LoggerMessage(111, LogLevel.Information, "Join of group {Group} answers {Error}; trying again after a pause.")]
    public static partial void JoinFailed(ILogger logger, string group, ErrorCode error);

    [LoggerMessage(112, LogLevel.Information, "Heartbeat to group {Group} answers {Error}; {Consequence}.")]
    public static partial void HeartbeatFailed(ILogger logger, string group, ErrorCode error, string consequence);

    [LoggerMessage(116, LogLevel.Debug, "Member {Member} leaves group {Group}: {Reason}.")]
    public static partial void Leaving(ILogger logger, string member, string group, string reason);

    [LoggerMessage(117, LogLevel.Debug, "Leaving group {Group} failed: {Reason}. The session time-out will do it.")]
    public static partial void LeaveFailed(ILogger logger, string group, string reason);

    [LoggerMessage(118, LogLevel.Warning, "The coordinator of group {Group} did not answer a heartbeat for the session time-out; looking it up again.")]
    public static partial void SessionExpired(ILogger logger, string group);
}
