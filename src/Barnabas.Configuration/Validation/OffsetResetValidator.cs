using System.Globalization;
using System.Text.RegularExpressions;

namespace Barnabas.Configuration.Validation;

/// <summary>Where to begin without a committed offset: a word, or <c>by_duration:</c> and an ISO-8601 duration (KIP-1106).</summary>
internal sealed partial class OffsetResetValidator(bool allowsNone) : ConfigValidator
{
    private const string Prefix = "by_duration:";

    public override void EnsureValid(string name, object? value)
    {
        var text = value as string;
        if (text is not null && (text.ToUpperInvariant() is "EARLIEST" or "LATEST"
            || allowsNone && text.Equals("none", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && TryParseDuration(text[Prefix.Length..], out _)))
            return;
        var words = allowsNone ? "either 'earliest', 'latest', 'none' or" : "either 'earliest', 'latest' or";
        throw new ConfigException(name, value,
            $"Invalid value `{text ?? "null"}` for configuration {name}. The value must be {words} of the format 'by_duration:<PnDTnHnMn.nS.>'.");
    }

    public override string Describe() => $"[latest, earliest, {(allowsNone ? "none, " : "")}by_duration:PnDTnHnMn.nS]";

    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Duration().Match(text);
        if (!match.Success || match.Groups.Values.Skip(1).All(group => !group.Success))
            return false;
        double Part(int group) => match.Groups[group].Success ? double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var seconds = Part(1) * 86400 + Part(2) * 3600 + Part(3) * 60 + Part(4);
        if (seconds < 0 || seconds > TimeSpan.MaxValue.TotalSeconds / 2)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    [GeneratedRegex(@"^P(?:([-+]?\d+)D)?(?:T(?=[-+\d])(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+(?:\.\d{0,9})?)S)?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Duration();
}
