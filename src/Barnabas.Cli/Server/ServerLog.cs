using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Server;

/// <summary>What the program that runs a node tells.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "[KafkaRaftServer nodeId={NodeId}] Kafka Server started: clients are served")]
    public static partial void Started(ILogger logger, int nodeId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {NodeId} was asked to stop while it started, and has stopped")]
    public static partial void StoppedWhileStarting(ILogger logger, int nodeId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Node {NodeId} ends: {Reason}")]
    public static partial void Failed(ILogger logger, int nodeId, string reason);
}
