using System.Globalization;

namespace Barnabas.Examples.Sensors;

/// <summary>A key and a value to send.</summary>
internal readonly record struct Row(string Key, string Value);

/// <summary>Reads CSV files with the columns <c>timestamp,value</c> as readings of five sensors in turn, across all files in the order of their names.</summary>
internal static class Rows
{
    private const int Sensors = 5;

    public static int Print(IEnumerable<string> paths, TextWriter output)
    {
        foreach (var row in Read(paths))
            output.Write($"{row.Key}\t{row.Value}\n");
        return 0;
    }

    /// <exception cref="FormatException">A line is not what its file's kind says.</exception>
    public static IEnumerable<Row> Read(IEnumerable<string> paths)
    {
        var index = 0;
        foreach (var file in paths.SelectMany(FilesOf).OrderBy(Path.GetFileName, StringComparer.Ordinal))
        {
            var isCsv = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (!isCsv)
                    yield return KeyTabValue(line, file, number);
                else if (number > 1)
                    yield return Reading(line, $"sensor_{(index++ % Sensors) + 1}", file, number);
            }
        }
    }

    private static string[] FilesOf(string path) => Directory.Exists(path) ? Directory.GetFiles(path, "*.csv") : [path];

    private static Row KeyTabValue(string line, string file, int number)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        return tab >= 0 ? new Row(line[..tab], line[(tab + 1)..]) : throw new FormatException($"{file}:{number} has no tab between key and value");
    }

    private static Row Reading(string line, string sensor, string file, int number)
    {
        var comma = line.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0
            || !DateTimeOffset.TryParse(line.AsSpan(0, comma), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || !double.TryParse(line.AsSpan(comma + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            throw new FormatException($"{file}:{number} is not timestamp,value");
        return new Row(sensor, $$"""{"sensor_id":"{{sensor}}","temperature":{{line[(comma + 1)..]}},"timestamp":{{time.ToUnixTimeSeconds()}}}""");
    }
}
