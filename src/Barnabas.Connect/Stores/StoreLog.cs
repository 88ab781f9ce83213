using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Stores;

internal static partial class StoreLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Created the topic {Topic}, compacted, for the worker's own records.")]
    public static partial void TopicCreated(ILogger logger, string topic);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading the topic {Topic} failed: {Reason}. Retriable errors are tried again; after others the worker must be restarted.")]
    public static partial void ReadFailed(ILogger logger, string topic, string reason, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A record of the topic {Topic} is not one of Connect's and was skipped: {Reason}.")]
    public static partial void RecordSkipped(ILogger logger, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of {Subject} could not be written to the topic {Topic}: {Reason}. It is written again with the next change.")]
    public static partial void StatusNotWritten(ILogger logger, string subject, string topic, string reason);
}
