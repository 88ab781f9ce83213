using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Server.Otlp;

/// <summary>What the export of telemetry tells.</summary>
internal static partial class OtlpLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Sending metrics to the OpenTelemetry collector at {Endpoint} every {IntervalMs} ms, and {TracesRatio} of the requests as spans")]
    public static partial void Begun(ILogger logger, Uri endpoint, double intervalMs, double tracesRatio);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The OpenTelemetry collector at {Endpoint} takes no metrics; trying again every {IntervalMs} ms")]
    public static partial void Failed(ILogger logger, Uri endpoint, double intervalMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "The OpenTelemetry collector at {Endpoint} takes metrics again")]
    public static partial void Recovered(ILogger logger, Uri endpoint);
}
