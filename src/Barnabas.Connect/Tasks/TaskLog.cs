using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

internal static partial class TaskLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Task {Task} failed and stands still until it is restarted: {Reason}")]
    public static partial void Failed(ILogger logger, ConnectorTaskId task, string reason, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task} could not be closed cleanly: {Reason}")]
    public static partial void CloseFailed(ILogger logger, ConnectorTaskId task, string reason, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Task {Task} did not stop within {Limit}; it is left behind and may still write.")]
    public static partial void DidNotStop(ILogger logger, ConnectorTaskId task, TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task}: a record failed in {Stage} by {Plugin} and was skipped: {Reason}")]
    public static partial void RecordSkipped(ILogger logger, ConnectorTaskId task, string stage, string plugin, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task}: the record {Record} failed in {Stage} by {Plugin} and was skipped: {Reason}")]
    public static partial void NamedRecordSkipped(ILogger logger, ConnectorTaskId task, string record, string stage, string plugin, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task}: offsets could not be committed: {Reason}. They are committed with the next ones.")]
    public static partial void CommitFailed(ILogger logger, ConnectorTaskId task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task}: {Reason}. The same records are put again in {Delay}.")]
    public static partial void PutRetried(ILogger logger, ConnectorTaskId task, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {Task} has started.")]
    public static partial void Started(ILogger logger, ConnectorTaskId task);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {Task}: the connector dropped the transaction; its records do not count, its offsets do.")]
    public static partial void TransactionAborted(ILogger logger, ConnectorTaskId task);
}
