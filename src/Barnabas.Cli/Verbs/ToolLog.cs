using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs;

/// <summary>What tools with producers and consumers tell on the standard error.</summary>
internal static partial class ToolLog
{
    [LoggerMessage(1, LogLevel.Error, "Error when sending message to topic {Topic} with key: {Key}, value: {Value} with error: {Reason}")]
    public static partial void DeliveryFailed(ILogger logger, string topic, string key, string value, string reason);

    [LoggerMessage(2, LogLevel.Error, "Error processing message, terminating consumer process: {Reason}")]
    public static partial void Terminating(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "Error processing message, skipping this message: {Reason}")]
    public static partial void Skipping(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Error, "Unable to instantiate a deserializer from {Name}")]
    public static partial void NoDeserializer(ILogger logger, string name);

    [LoggerMessage(5, LogLevel.Information, "{Line}")]
    public static partial void Record(ILogger logger, string line);

    [LoggerMessage(7, LogLevel.Error, "Error processing message, rejecting this message: {Reason}")]
    public static partial void Rejecting(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Error, "Failed to commit offset synchronously for topic partition: {Partition}")]
    public static partial void AcknowledgementFailed(ILogger logger, string partition);

    [LoggerMessage(6, LogLevel.Error, "Error during processing, terminating consumer process: {Reason}")]
    public static partial void ProcessingFailed(ILogger logger, string reason);
}
