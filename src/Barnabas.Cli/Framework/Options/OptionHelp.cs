using System.Text;

namespace Barnabas.Cli.Framework.Options;

/// <summary>Lays out help in the two columns of Kafka's tools, 80 wide.</summary>
internal static class OptionHelp
{
    private const int Width = 80;
    private const int Gap = 2;

    public static string Format(string summary, IReadOnlyList<OptionSpec> options)
    {
        var rows = options.OrderBy(option => option.Names[0], StringComparer.Ordinal).Select(option => (Left: Left(option), Right: Right(option))).ToList();
        var left = Math.Min(rows.Count == 0 ? 6 : rows.Max(row => row.Left.Length), (Width - Gap) / 2);
        var right = Width - Gap - left;
        var text = new StringBuilder();
        text.AppendLine(summary);
        var head = options.Any(option => option.IsRequired) ? "Option (* = required)" : "Option";
        Row(text, [head], ["Description"], left);
        Row(text, [new string('-', head.Length)], ["-----------"], left);
        foreach (var row in rows)
            Row(text, Wrap(row.Left, left), Wrap(row.Right, right), left);
        return text.ToString();
    }

    /// <summary>Breaks text at spaces; lines after the first are indented by two.</summary>
    public static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.ToString().Trim().Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line.ToString());
                line.Clear().Append(' ');
            }

            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }

        lines.Add(line.ToString());
        return lines;
    }

    private static string Left(OptionSpec option)
    {
        var names = string.Join(", ", option.Names.Select(name => name.Length == 1 ? "-" + name : "--" + name));
        if (option.IsRequired)
            names = "* " + names;
        return option.Argument switch
        {
            OptionArgument.Required => $"{names} <{option.ArgumentDescription}>",
            OptionArgument.Optional => $"{names} [{option.ArgumentDescription}]",
            _ => names,
        };
    }

    private static string Right(OptionSpec option) =>
        option.Default is { Length: > 0 } value ? $"{option.Description} (default: {value})" : option.Description;

    private static void Row(StringBuilder text, List<string> left, List<string> right, int width)
    {
        for (var at = 0; at < Math.Max(left.Count, right.Count); at++)
        {
            var first = at < left.Count ? left[at] : "";
            var second = at < right.Count ? right[at] : "";
            text.AppendLine((first.PadRight(width + Gap) + second).TrimEnd());
        }
    }
}
