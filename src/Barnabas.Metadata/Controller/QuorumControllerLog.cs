using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata.Controller;

/// <summary>What the controller tells an operator.</summary>
internal static partial class QuorumControllerLog
{
    [LoggerMessage(1, LogLevel.Information, "Controller {NodeId} is active in epoch {Epoch}, from offset {Offset} on.")]
    internal static partial void Activated(ILogger logger, int nodeId, int epoch, long offset);

    [LoggerMessage(2, LogLevel.Information, "Controller {NodeId} is no longer active; requests that wait for a commit fail.")]
    internal static partial void Renounced(ILogger logger, int nodeId);

    [LoggerMessage(3, LogLevel.Information,
        "The metadata log is empty: writing {Count} bootstrap record(s) from {Source} at metadata.version {Level}.")]
    internal static partial void Bootstrapping(ILogger logger, int count, string source, short level);

    [LoggerMessage(4, LogLevel.Error, "Request {Name} failed unexpectedly; it is answered with UNKNOWN_SERVER_ERROR and nothing changed.")]
    internal static partial void UnexpectedError(ILogger logger, string name, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Broker {BrokerId} was not heard of for the session timeout; it is fenced.")]
    internal static partial void FencedStaleBroker(ILogger logger, int brokerId);

    [LoggerMessage(6, LogLevel.Critical, "The controller cannot follow the metadata log any further; this node stops.")]
    internal static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Information, "{Name}: {Result}")]
    internal static partial void Result(ILogger logger, string name, string result);
}
