using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Http.Requests;

/// <summary>Status codes and ranges of them, such as <c>408,429,500-599</c>; an open end, as <c>500-</c>, reaches to 599.</summary>
internal sealed class StatusRanges
{
    private readonly List<(int From, int To)> _ranges = [];

    public static ConfigValidator Validator { get; } = new RangesValidator();

    /// <exception cref="FormatException">It is not such a list.</exception>
    public static StatusRanges Parse(IReadOnlyList<string> parts)
    {
        var ranges = new StatusRanges();
        foreach (var part in parts)
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var from = Code(dash < 0 ? part : part[..dash]);
            var to = dash < 0 ? from : dash == part.Length - 1 ? 599 : Code(part[(dash + 1)..]);
            if (to < from) throw new FormatException($"{part} ends before it begins");
            ranges._ranges.Add((from, to));
        }

        return ranges;
    }

    public bool Contains(int status) => _ranges.Exists(range => status >= range.From && status <= range.To);

    private static int Code(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 100 and <= 599
            ? code
            : throw new FormatException($"{text} is not a status code from 100 to 599");

    private sealed class RangesValidator : ConfigValidator
    {
        public override void EnsureValid(string name, object? value)
        {
            try
            {
                _ = Parse((IReadOnlyList<string>?)value ?? []);
            }
            catch (FormatException error)
            {
                throw new ConfigException(name, value, error.Message);
            }
        }

        public override string Describe() => "status codes and ranges, such as 408,429,500-599";
    }
}
