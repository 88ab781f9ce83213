using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker;

/// <summary>Log texts of the broker's life and replicas.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(2101, LogLevel.Error, "Partition {TopicPartition} is not available on this broker; its log directory failed. Other partitions are served on")]
    public static partial void ReplicaFailed(ILogger logger, TopicPartition topicPartition, Exception exception);

    [LoggerMessage(2102, LogLevel.Error, "The configuration set at run time is not valid and is ignored; the broker keeps what it had")]
    public static partial void DynamicConfigIgnored(ILogger logger, Exception exception);

    [LoggerMessage(2103, LogLevel.Information, "Node {NodeId} of cluster {ClusterId} is starting (log.dirs={LogDirs})")]
    public static partial void Starting(ILogger logger, int nodeId, string clusterId, string logDirs);

    [LoggerMessage(2104, LogLevel.Information, "Listening on {Listener}://{Address}, advertised as {Host}:{Port}")]
    public static partial void Listening(ILogger logger, string listener, string address, string host, int port);

    [LoggerMessage(2105, LogLevel.Information, "Kafka Server started: node {NodeId} is ready after {ElapsedMs} ms")]
    public static partial void Started(ILogger logger, int nodeId, long elapsedMs);

    [LoggerMessage(2106, LogLevel.Information, "Node {NodeId} is stopping: no more requests are taken, logs are flushed and closed")]
    public static partial void Stopping(ILogger logger, int nodeId);

    [LoggerMessage(2107, LogLevel.Information, "Node {NodeId} has stopped cleanly after {ElapsedMs} ms")]
    public static partial void Stopped(ILogger logger, int nodeId, long elapsedMs);

    [LoggerMessage(2108, LogLevel.Information, "{Note}")]
    public static partial void ConfigurationNote(ILogger logger, string note);

    [LoggerMessage(2109, LogLevel.Information, "Formatting empty log directories {LogDirs} with cluster id {ClusterId}")]
    public static partial void Formatting(ILogger logger, string logDirs, string clusterId);

    [LoggerMessage(2110, LogLevel.Critical, "The node can no longer follow its metadata log and stops")]
    public static partial void MetadataFailed(ILogger logger, Exception exception);

    [LoggerMessage(2111, LogLevel.Warning, "The log {Path} belongs to no partition of this broker; it is left alone and not served")]
    public static partial void StrayLog(ILogger logger, string path);

    [LoggerMessage(2112, LogLevel.Error, "Topic {Topic} cannot be created on first use: {Error} {Message}")]
    public static partial void AutoCreationFailed(ILogger logger, string topic, ErrorCode error, string? message);

    [LoggerMessage(2113, LogLevel.Warning, "A heartbeat to the controller failed; trying again")]
    public static partial void HeartbeatFailed(ILogger logger, Exception exception);

    [LoggerMessage(2114, LogLevel.Error, "Applying metadata up to offset {Offset} failed in part")]
    public static partial void PublishFailed(ILogger logger, long offset, Exception exception);

    [LoggerMessage(2116, LogLevel.Information, "{Partition} is gone: the transaction of {TransactionalId} ends without a marker there")]
    public static partial void MarkerSkipped(ILogger logger, TopicPartition partition, string transactionalId);

    [LoggerMessage(2117, LogLevel.Warning, "The marker of {TransactionalId} for {Partition} could not be written ({Error}); trying again")]
    public static partial void MarkerDelayed(ILogger logger, TopicPartition partition, string transactionalId, ErrorCode error);

    [LoggerMessage(2115, LogLevel.Warning, "Controller {NodeId} cannot register its endpoints; trying again. Until then admin clients do not find it by bootstrap.controllers")]
    public static partial void ControllerRegistrationFailed(ILogger logger, int nodeId, Exception exception);

    [LoggerMessage(2116, LogLevel.Warning, "The controller did not take over from broker {NodeId} within {PatienceMs} ms; the broker stops all the same, and its partitions get new leaders when its session ends")]
    public static partial void ControlledShutdownLate(ILogger logger, int nodeId, long patienceMs);

    [LoggerMessage(2151, LogLevel.Warning, "The controller does not take up which log directories hold this broker's replicas; Barnabas tells it again")]
    public static partial void AssignmentsRefused(ILogger logger, Exception exception);

    [LoggerMessage(2152, LogLevel.Warning, "The controller refuses that {Partition} is in log directory {Directory}: {Error}")]
    public static partial void AssignmentRefused(ILogger logger, TopicIdPartition partition, Uuid directory, ErrorCode error);

    [LoggerMessage(2153, LogLevel.Warning, "{Partition} is not moved to log directory {Path}")]
    public static partial void MoveRefused(ILogger logger, TopicPartition partition, string path, Exception exception);

    [LoggerMessage(2154, LogLevel.Error, "The move of {Partition} to another log directory has stopped; it is served from where it is")]
    public static partial void MoveFailed(ILogger logger, TopicPartition partition, Exception exception);

    [LoggerMessage(2131, LogLevel.Warning, "The log level of {Logger} is {Level} from now on")]
    public static partial void LogLevelSet(ILogger log, string logger, string level);

    [LoggerMessage(2132, LogLevel.Warning, "The log level of {Logger} is that of the logger above it from now on")]
    public static partial void LogLevelUnset(ILogger log, string logger);

    [LoggerMessage(2133, LogLevel.Information, "Serving /metrics, /health/live and /health/ready on http://{Address}")]
    public static partial void MetricsServed(ILogger logger, string address);
}
