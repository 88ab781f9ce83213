using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Http.Source;

/// <summary>What stands for the placeholder of a URL template: names and ranges of whole numbers, such as <c>1..5,9,main</c>.</summary>
internal static class EntityNames
{
    /// <summary>The most names that a configuration may make.</summary>
    public const int Most = 10_000;

    public static ConfigValidator Validator { get; } = new NamesValidator();

    /// <exception cref="FormatException">A range is not one, a name stands twice, or there are more than <see cref="Most"/>.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> parts)
    {
        var names = new List<string>();
        foreach (var part in parts)
        {
            var dots = part.IndexOf("..", StringComparison.Ordinal);
            if (dots < 0)
            {
                if (part.Length == 0) throw new FormatException("a name is empty");
                names.Add(part);
                continue;
            }

            if (!Number(part[..dots], out var from) || !Number(part[(dots + 2)..], out var to) || to < from)
                throw new FormatException($"{part} is not a range of numbers such as 1..5");
            if (to - from >= Most) throw TooMany();
            for (var number = from; number <= to; number++) names.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        if (names.Count > Most) throw TooMany();
        return names.Distinct().Count() == names.Count ? names : throw new FormatException("a name stands twice");
    }

    private static bool Number(string text, out long number) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < long.MaxValue;

    private static FormatException TooMany() => new($"these are more than {Most} names");

    private sealed class NamesValidator : ConfigValidator
    {
        public override void EnsureValid(string name, object? value)
        {
            try
            {
                _ = Expand((IReadOnlyList<string>?)value ?? []);
            }
            catch (FormatException error)
            {
                throw new ConfigException(name, value, error.Message);
            }
        }

        public override string Describe() => "names and ranges, such as 1..5,9";
    }
}
