using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Distributed;

internal static partial class CoordinatorLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Joined group at generation {Generation} with protocol {Protocol}; the leader is {LeaderUrl}. This worker runs {Work}; revoked: {Revoked}; next rebalance in {DelayMs} ms (0 for none).")]
    public static partial void Assigned(ILogger logger, int generation, string protocol, string leaderUrl, string work, string revoked, int delayMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The work could not be shared out in group {Group}: {Reason}. Joining again; what runs goes on.")]
    public static partial void RebalanceFailed(ILogger logger, string group, string reason, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The coordinator of group {Group} was not heard of for {Limit}: another worker may start what runs here. Stopping {Work}.")]
    public static partial void SessionLost(ILogger logger, string group, TimeSpan limit, string work);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration topic could not be read to its end within worker.sync.timeout.ms ({Limit}). This worker leaves group {Group} and tries again in {Pause} (worker.unsync.backoff.ms).")]
    public static partial void Unsynchronized(ILogger logger, string group, TimeSpan limit, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Distributed a new session key ({Algorithm}) to all workers.")]
    public static partial void SessionKeyWritten(ILogger logger, string algorithm);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} was not possible for connector {Name}: {Reason}. It is tried again in {Delay}.")]
    public static partial void LeaderNotReached(ILogger logger, string what, string name, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A write as leader was refused: {Reason}. Claiming the right to write again if this worker still leads.")]
    public static partial void LeaderFenced(ILogger logger, string reason);
}
