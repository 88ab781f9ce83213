using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Sharing;

internal static partial class ShareCoordinatorLog
{
    [LoggerMessage(221, LogLevel.Information, "{Count} share partitions of deleted topics: their state is removed.")]
    public static partial void StateOfDeletedTopics(this ILogger logger, int count);

    [LoggerMessage(222, LogLevel.Error, "Removing the share state of deleted topics failed. It stays until a group or its offsets are deleted.")]
    public static partial void StateOfDeletedTopicsKept(this ILogger logger, Exception exception);

    [LoggerMessage(223, LogLevel.Debug, "{TopicPartition} is redundant below offset {Offset} and is pruned.")]
    public static partial void Pruned(this ILogger logger, string topicPartition, long offset);

    [LoggerMessage(224, LogLevel.Debug, "{TopicPartition}: {Count} share partitions that nothing writes are written anew, so that the log below can go.")]
    public static partial void ColdSnapshots(this ILogger logger, string topicPartition, int count);
}
