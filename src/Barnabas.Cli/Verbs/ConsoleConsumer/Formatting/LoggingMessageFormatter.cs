using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints a record, and logs it at the level of information.</summary>
internal sealed class LoggingMessageFormatter(IMessageFormatter inner, ILogger logger) : IMessageFormatter
{
    public void Write(in PrintableRecord record, IBufferWriter<byte> output)
    {
        inner.Write(record, output);
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        var key = record.Key is { } keyBytes ? Encoding.UTF8.GetString(keyBytes.Span) + ", " : "null ";
        var value = record.Value is { } valueBytes ? Encoding.UTF8.GetString(valueBytes.Span) : "null";
        ToolLog.Record(logger, $"{record.TimestampType}:{record.Timestamp}, key:{key}value:{value}");
    }
}
