using System.Text;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>Prints names in as many columns as the terminal holds, one below the other; in one column where there is no terminal.</summary>
internal static class NameColumns
{
    private const int NarrowestColumn = 4;
    private const int Gap = 2;

    public static void Print(TextWriter output, IReadOnlyList<string> names, int? width)
    {
        var columns = Widths(names, width);
        var lines = (names.Count + columns.Count - 1) / columns.Count;
        for (var line = 0; line < lines; line++)
        {
            var text = new StringBuilder();
            for (var column = 0; column < columns.Count && line + (column * lines) < names.Count; column++)
                text.Append(names[line + (column * lines)].PadRight(columns[column]));
            output.WriteLine(text.ToString().TrimEnd());
        }
    }

    private static IReadOnlyList<int> Widths(IReadOnlyList<string> names, int? width)
    {
        for (var count = Math.Min(names.Count, (width ?? 0) / NarrowestColumn); count > 1; count--)
        {
            var lines = (names.Count + count - 1) / count;
            var widths = names.Chunk(lines).Select(column => column.Max(name => name.Length) + Gap).ToList();
            if (widths.Sum() <= width)
                return widths;
        }

        return [0];
    }
}
