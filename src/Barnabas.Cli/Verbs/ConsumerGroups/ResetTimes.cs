using System.Globalization;
using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>Times as the reset options take them, in milliseconds since 1970.</summary>
internal static partial class ResetTimes
{
    /// <summary>Reads <c>YYYY-MM-DDThh:mm:ss.sss</c>, with a zone or in that of this machine's UTC.</summary>
    /// <exception cref="VerbException">It is no such time.</exception>
    public static long ParseDateTime(string text)
    {
        if (!text.Contains('T', StringComparison.Ordinal) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw new VerbException($"Error parsing timestamp string {text}");
        return time.ToUnixTimeMilliseconds();
    }

    /// <summary>The time that lies an ISO-8601 duration (<c>P1DT2H</c>) before another.</summary>
    /// <exception cref="VerbException">It is no duration.</exception>
    public static long Before(DateTimeOffset now, string duration)
    {
        var match = Duration().Match(duration);
        if (!match.Success || match.Groups.Values.Skip(1).All(group => !group.Success))
            throw new VerbException($"Text cannot be parsed to a Duration: {duration}");
        double Part(int group) => match.Groups[group].Success ? double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return now.AddSeconds(-(Part(1) * 86400 + Part(2) * 3600 + Part(3) * 60 + Part(4))).ToUnixTimeMilliseconds();
    }

    [GeneratedRegex(@"^P(?:(-?\d+)D)?(?:T(?=[-\d])(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d+)?)S)?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Duration();
}
