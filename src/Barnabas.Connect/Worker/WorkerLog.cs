using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Worker;

internal static partial class WorkerLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connector {Name} ({ClassName}) has started.")]
    public static partial void ConnectorStarted(ILogger logger, string name, string className);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connector {Name} could not be stopped cleanly: {Reason}")]
    public static partial void ConnectorStopFailed(ILogger logger, string name, string reason, Exception error);
}
