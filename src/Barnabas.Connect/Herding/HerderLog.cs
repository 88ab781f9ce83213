using Barnabas.Connect.Tasks;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Herding;

internal static partial class HerderLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A change could not be carried out: {Reason}. The next change tries again.")]
    public static partial void WorkFailed(ILogger logger, string reason, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Connector {Name} failed: {Reason}. Correct its configuration or restart it.")]
    public static partial void ConnectorFailed(ILogger logger, string name, string reason, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connector {Name} was removed.")]
    public static partial void Removed(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task} failed and starts again in {Delay} (restart {Attempt}; task.restart.enable=false prevents it).")]
    public static partial void RestartScheduled(ILogger logger, ConnectorTaskId task, TimeSpan delay, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last states of what ran here could not be written in time; other workers see older ones.")]
    public static partial void StatusNotFlushed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Fenced the {Count} tasks that connector {Name} had before.")]
    public static partial void Fenced(ILogger logger, string name, int count);
}
