using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Logging;

/// <summary>Turns an entry of the log into a line.</summary>
internal interface ILogLayout
{
    /// <param name="time">When it was written.</param>
    /// <param name="level">Its level.</param>
    /// <param name="category">The logger.</param>
    /// <param name="id">The number of the kind of entry.</param>
    /// <param name="message">The text.</param>
    /// <param name="values">The values in the text by name, with the text's template as <c>{OriginalFormat}</c>; null where there are none.</param>
    /// <param name="exception">What went wrong, or null.</param>
    string Format(
        DateTimeOffset time, LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? values, Exception? exception);
}
