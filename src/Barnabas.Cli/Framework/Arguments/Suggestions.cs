using System.Text;

namespace Barnabas.Cli.Framework.Arguments;

/// <summary>What somebody may have meant by a word that there is not, measured as argparse4j measures it.</summary>
internal static class Suggestions
{
    private const int TooFar = 7;
    private const int Exchange = 0;
    private const int Replace = 2;
    private const int Insert = 1;
    private const int Remove = 4;

    /// <summary>The nearest of some words, as the end of an error page; empty where none is near.</summary>
    public static string Page(string given, IEnumerable<string> words)
    {
        var body = given.TrimStart('-');
        var ranked = words
            .Select(word => (Word: word, Distance: word.TrimStart('-') is var other && other.StartsWith(body, StringComparison.Ordinal) ? 0 : Distance(body, other)))
            .OrderBy(candidate => candidate.Distance)
            .ToList();
        if (ranked.Count == 0 || ranked[0].Distance >= TooFar)
            return "";
        var page = new StringBuilder("\nDid you mean:\n");
        foreach (var (word, _) in ranked.TakeWhile(candidate => candidate.Distance == ranked[0].Distance))
            page.Append('\t').Append(word).Append('\n');
        return page.ToString();
    }

    private static int Distance(string from, string to)
    {
        var beforeLast = new int[to.Length + 1];
        var last = Enumerable.Range(0, to.Length + 1).ToArray();
        var row = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var cost = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : Replace);
                if (i > 1 && j > 1 && from[i - 1] != to[j - 1] && from[i - 2] == to[j - 1] && from[i - 1] == to[j - 2])
                    cost = Math.Min(cost, beforeLast[j - 2] + Exchange);
                row[j] = Math.Min(cost, Math.Min(last[j] + Remove, row[j - 1] + Insert));
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[to.Length];
    }
}
