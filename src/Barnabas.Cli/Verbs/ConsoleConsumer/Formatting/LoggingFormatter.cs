using System.Globalization;
using System.Text;
using Barnabas.Client.Consumer;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints a record, and logs it.</summary>
internal sealed class LoggingFormatter(IRecordFormatter inner, TextWriter log) : IRecordFormatter
{
    public void Write(ConsumeResult<byte[]?, byte[]?> record, Stream output)
    {
        inner.Write(record, output);
        var timestamp = record.Timestamp < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{record.TimestampType}:{record.Timestamp}, ");
        var key = record.Key is null ? "null " : Encoding.UTF8.GetString(record.Key) + ", ";
        log.WriteLine($"INFO {timestamp}key:{key}value:{(record.Value is null ? "null" : Encoding.UTF8.GetString(record.Value))}");
    }
}
