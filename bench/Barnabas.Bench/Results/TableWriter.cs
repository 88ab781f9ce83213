namespace Barnabas.Bench.Results;

/// <summary>The one table on the console.</summary>
internal static class TableWriter
{
    public static void Write(ResultSet results, TextWriter output)
    {
        List<string[]> lines = [Cells.Heads, .. results.Series.Select(s => Cells.Of(s, results.Limits))];
        var widths = Cells.Heads.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, column) => column is >= 3 and <= 6 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        output.WriteLine();
        output.WriteLine($"limits of this machine: {results.Limits}");
        foreach (var failure in results.Failures)
            output.WriteLine($"FAILED: {failure}");
        var judged = results.Series.Where(s => s.IsMet is not null).ToList();
        output.WriteLine($"{judged.Count(s => s.IsMet == true)} of {judged.Count} goals met, {results.Failures.Count} runs failed");
    }
}
