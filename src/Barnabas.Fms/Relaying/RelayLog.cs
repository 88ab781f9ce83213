using Microsoft.Extensions.Logging;

namespace Barnabas.Fms.Relaying;

internal static partial class RelayLog
{
    [LoggerMessage(1, LogLevel.Warning, "{InputTopic} -> {OutputTopic} stopped: {Reason}. It goes on from the committed offsets in {Pause} ms.")]
    public static partial void Restarting(ILogger logger, string inputTopic, string outputTopic, string reason, double pause);

    [LoggerMessage(2, LogLevel.Warning, "{InputTopic} -> {OutputTopic}: what was done could not be committed ({Reason}); it is committed with the next, or comes again.")]
    public static partial void NotCommitted(ILogger logger, string inputTopic, string outputTopic, string reason);
}
