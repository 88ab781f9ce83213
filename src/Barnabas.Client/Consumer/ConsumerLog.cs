using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Consumer;

internal static partial class ConsumerLog
{
    [LoggerMessage(101, LogLevel.Debug, "A fetch session was not closed: {Reason}. The node forgets it by itself.")]
    public static partial void SessionNotClosed(ILogger logger, string reason);

    [LoggerMessage(102, LogLevel.Information, "Fetch from node {Node} failed: {Reason}. Fetching again after a pause.")]
    public static partial void FetchFailed(ILogger logger, Node node, string reason);

    [LoggerMessage(103, LogLevel.Information, "Node {Node} did not process the fetch: {Error}. Starting a new fetch session.")]
    public static partial void FetchRefused(ILogger logger, Node node, ErrorCode error);

    [LoggerMessage(104, LogLevel.Debug, "Fetch of {Partition} at offset {Offset} answers {Error}; fetching again after a pause.")]
    public static partial void PartitionFetchFailed(ILogger logger, TopicPartition partition, long offset, ErrorCode error);

    [LoggerMessage(105, LogLevel.Information, "Fetch position {Offset} of {Partition} is out of range; resetting by policy {Policy}.")]
    public static partial void OffsetOutOfRange(ILogger logger, TopicPartition partition, long offset, string policy);

    [LoggerMessage(106, LogLevel.Information, "Resetting offset of {Partition} to {Offset} (policy {Policy}).")]
    public static partial void OffsetReset(ILogger logger, TopicPartition partition, long offset, string policy);

    [LoggerMessage(107, LogLevel.Information, "The log of {Partition} was truncated: the position {Position} is past {EndOffset}. Going back there.")]
    public static partial void LogTruncated(ILogger logger, TopicPartition partition, long position, long endOffset);

    [LoggerMessage(108, LogLevel.Debug, "Positions could not be found: {Reason}. Trying again after a pause.")]
    public static partial void PositionsFailed(ILogger logger, string reason);

    [LoggerMessage(113, LogLevel.Warning, "consumer poll timeout has expired: the time between polls was longer than max.poll.interval.ms ({Interval}). Leaving group {Group}; the next poll joins again.")]
    public static partial void PollTimeoutExpired(ILogger logger, TimeSpan interval, string group);

    [LoggerMessage(114, LogLevel.Information, "Group {Group}: partitions revoked {Revoked}, added {Added}, in all {Count}.")]
    public static partial void Assigned(ILogger logger, string group, string revoked, string added, int count);

    [LoggerMessage(115, LogLevel.Warning, "Offset commit of group {Group} failed: {Reason}.")]
    public static partial void CommitFailed(ILogger logger, string group, string reason);

    [LoggerMessage(121, LogLevel.Error, "The callback of a commit failed. The commit itself is not touched by that.")]
    public static partial void CommitCallbackFailed(ILogger logger, Exception error);

    [LoggerMessage(119, LogLevel.Information, "Names of topics {TopicIds} could not be found: {Reason}. Their partitions wait; asking again after a pause.")]
    public static partial void TopicIdsNotResolved(ILogger logger, string topicIds, string reason);

    [LoggerMessage(120, LogLevel.Error, "Membership in group {Group} of member {Member} failed for good: {Reason}. Every poll throws it.")]
    public static partial void MembershipFailed(ILogger logger, string group, string member, string reason);
}
