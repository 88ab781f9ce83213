using System.Globalization;
using Barnabas.Cli.Framework;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Logging;

/// <summary>One JSON object a line: time, level, logger, event number and message, and each value of the message as a field of <c>values</c>.</summary>
internal sealed class JsonLayout : ILogLayout
{
    private const string Template = "{OriginalFormat}";

    public string Format(
        DateTimeOffset time, LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? values, Exception? exception) =>
        JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("time", time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", LogLevels.NameOf(level));
            json.WriteString("logger", category);
            if (id.Id != 0)
                json.WriteNumber("event", id.Id);
            json.WriteString("message", message);
            if (values?.Any(value => value.Key != Template) == true)
            {
                json.WriteStartObject("values");
                foreach (var (name, value) in values)
                {
                    if (name != Template)
                        Write(json, name, value);
                }
                json.WriteEndObject();
            }
            if (exception is not null)
                json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        });

    private static void Write(System.Text.Json.Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            default: json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
