using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Mqtt;

internal static partial class MqttLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the MQTT server {Server} as {ClientId}.")]
    public static partial void Connected(ILogger logger, string server, string clientId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to the MQTT server was lost or not made: {Reason}. The next try is in {Delay}.")]
    public static partial void Disconnected(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} message(s) were not in Kafka when the task ended; they are not acknowledged, and the MQTT server sends them again to a session that is kept.")]
    public static partial void LeftUnacknowledged(ILogger logger, int count);
}
