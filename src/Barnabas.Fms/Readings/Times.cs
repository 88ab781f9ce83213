using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Barnabas.Fms.Readings;

/// <summary>The API's times: UTC to the millisecond, as <c>2026-05-04T03:02:01.000Z</c>.</summary>
internal static class Times
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string ToText(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>With the quotes that JSON wants.</summary>
    public static byte[] ToJson(long milliseconds) => Encoding.ASCII.GetBytes($"\"{ToText(milliseconds)}\"");

    /// <summary>Milliseconds since 1970; false where the text is no such time.</summary>
    public static bool TryParse(string text, out long milliseconds)
    {
        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        milliseconds = isTime ? time.ToUnixTimeMilliseconds() : 0;
        return isTime;
    }

    /// <summary>As <see cref="TryParse(string, out long)"/>, for a JSON string with its quotes or a number of milliseconds.</summary>
    public static bool TryParseJson(ReadOnlySpan<byte> json, out long milliseconds)
    {
        if (json.Length > 2 && json[0] == '"')
            return TryParse(Encoding.UTF8.GetString(json[1..^1]), out milliseconds);
        return Utf8Parser.TryParse(json, out milliseconds, out var used) && used == json.Length;
    }
}
