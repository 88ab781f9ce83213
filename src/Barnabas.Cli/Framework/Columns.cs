namespace Barnabas.Cli.Framework;

/// <summary>Lines in columns.</summary>
internal static class Columns
{
    /// <summary>Cells padded to widths with a space between; the last is not padded where its width is 0.</summary>
    public static string Line(IReadOnlyList<int> widths, IReadOnlyList<string> cells) =>
        string.Join(' ', cells.Select((cell, at) => cell.PadRight(widths[at])));

    /// <summary>Prints rows under a header, each column as wide as its widest cell and every cell padded, as Kafka's newer tools do.</summary>
    public static void Print(TextWriter output, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int minimum = 0)
    {
        var widths = header.Select((title, at) => Math.Max(minimum, rows.Select(row => row[at].Length).Append(title.Length).Max())).ToList();
        output.WriteLine(Line(widths, header));
        foreach (var row in rows)
            output.WriteLine(Line(widths, row));
    }
}
