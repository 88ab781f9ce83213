using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Sharing;

/// <summary>Log texts of share partitions and sessions.</summary>
internal static partial class SharingLog
{
    [LoggerMessage(2301, LogLevel.Debug, "Share partition {Key} is ready: start offset {StartOffset}, next offset {NextOffset}, state epoch {StateEpoch}")]
    public static partial void PartitionInitialized(ILogger logger, string key, long startOffset, long nextOffset, int stateEpoch);

    [LoggerMessage(2302, LogLevel.Warning, "The state of share partition {Key} could not be read ({Error}: {ErrorMessage}); the fetch is refused and the next one tries again")]
    public static partial void PartitionNotInitialized(ILogger logger, string key, ErrorCode error, string errorMessage);

    [LoggerMessage(2303, LogLevel.Debug, "Share partition {Key}: locks of {Count} ranges of records have ended; they are delivered again or given up")]
    public static partial void LocksEnded(ILogger logger, string key, int count);

    [LoggerMessage(2304, LogLevel.Warning, "Share partition {Key}: ended locks could not be written ({Error}: {ErrorMessage}); they stand as long as this broker leads the partition")]
    public static partial void LocksNotWritten(ILogger logger, string key, ErrorCode error, string errorMessage);

    [LoggerMessage(2305, LogLevel.Debug, "Share session of member {MemberId} in group {GroupId} ended with its connection; what it had is released")]
    public static partial void SessionLost(ILogger logger, string groupId, string memberId);

    [LoggerMessage(2306, LogLevel.Warning, "Share group {GroupId}: records of member {MemberId} in partition {Partition} could not be released ({Error}: {ErrorMessage}); they stay locked until their locks end")]
    public static partial void NotReleased(ILogger logger, string groupId, string memberId, int partition, ErrorCode error, string errorMessage);
}
