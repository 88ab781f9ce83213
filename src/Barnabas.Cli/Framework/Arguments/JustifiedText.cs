using System.Text;

namespace Barnabas.Cli.Framework.Arguments;

/// <summary>Breaks text into lines as argparse4j does: at spaces and after hyphens, with the blanks of full lines widened to the margin.</summary>
internal static class JustifiedText
{
    /// <summary>How wide argparse4j makes its pages where it does not ask the terminal, as Kafka's tools do not.</summary>
    public const int PageWidth = 75;

    /// <summary>Wraps text whose first line begins at a column; the lines after it begin with an indent.</summary>
    public static string Wrap(string text, int column = 0, string indent = "")
    {
        var all = new StringBuilder();
        var line = new StringBuilder();
        var width = column;
        foreach (var piece in Pieces(text))
        {
            width += piece.Length;
            if (width > PageWidth)
            {
                all.Append(Justify(line.ToString(), width - piece.Length)).Append('\n').Append(indent);
                line.Clear();
                width = indent.Length + piece.Length;
            }

            line.Append(piece);
        }

        return all.Append(line).ToString();
    }

    private static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var at = 1; at < text.Length; at++)
        {
            var mayBreak = text[at - 1] switch
            {
                ' ' => text[at] is not (' ' or '\n'),
                '-' => char.IsLetter(text[at]),
                _ => false,
            };
            if (!mayBreak)
                continue;
            yield return text[start..at];
            start = at;
        }

        yield return text[start..];
    }

    private static string Justify(string line, int width)
    {
        var trimmed = line.Trim(' ');
        var missing = PageWidth - (width - (line.Length - trimmed.Length));
        var gaps = trimmed.Where((character, at) => character == ' ' && trimmed[at - 1] != ' ').Count();
        if (gaps == 0)
            return trimmed;
        // What does not divide evenly goes to the gaps in the middle.
        var (each, rest) = Math.DivRem(missing, gaps);
        var firstWide = (gaps - rest + 1) / 2;
        var result = new StringBuilder();
        var gap = 0;
        for (var at = 0; at < trimmed.Length; at++)
        {
            if (trimmed[at] == ' ' && trimmed[at - 1] != ' ')
            {
                result.Append(' ', each + (gap >= firstWide && gap < firstWide + rest ? 1 : 0));
                gap++;
            }

            result.Append(trimmed[at]);
        }

        return result.ToString();
    }
}
