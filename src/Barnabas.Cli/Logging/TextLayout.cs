using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Logging;

/// <summary><c>[date time] LEVEL message (logger)</c>, the layout that operators of Kafka know.</summary>
internal sealed class TextLayout : ILogLayout
{
    public string Format(
        DateTimeOffset time, LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? values, Exception? exception)
    {
        var line = $"[{time.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture)}] {LogLevels.NameOf(level)} {message} ({category})";
        return exception is null ? line : $"{line}\n{exception}";
    }
}
