using System.Buffers;
using System.Text;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints a record, and logs it at the level of information.</summary>
internal sealed class LoggingMessageFormatter(IMessageFormatter inner, ILogger logger) : IMessageFormatter
{
    public void Write(TopicPartition partition, TimestampType timestampType, in RecordView record, IBufferWriter<byte> output)
    {
        inner.Write(partition, timestampType, record, output);
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        var key = record.HasKey ? Encoding.UTF8.GetString(record.KeyBytes.Span) + ", " : "null ";
        var value = record.HasValue ? Encoding.UTF8.GetString(record.ValueBytes.Span) : "null";
        ToolLog.Record(logger, $"{timestampType}:{record.Timestamp}, key:{key}value:{value}");
    }
}
