using System.Globalization;
using System.Text.Json;

namespace Barnabas.Fms.Simulation;

/// <summary>The rows of the CSV files of a folder, and when the machine had failed.</summary>
/// <param name="Machine">Temperatures of a machine, one every five minutes.</param>
/// <param name="IsFail">Whether the machine had failed, for each of those.</param>
/// <param name="Ambient">Temperatures of a room.</param>
internal sealed record SensorFiles(double[] Machine, bool[] IsFail, double[] Ambient)
{
    private const string MachineFile = "machine_temperature";
    private const string AmbientFile = "ambient_temperature";
    private const int MostRows = 10_000_000;

    /// <exception cref="InvalidDataException">A file is not there or not as it must be; the message says which and why.</exception>
    public static SensorFiles Load(string folder)
    {
        var machine = Rows(Path.Combine(folder, MachineFile + ".csv"));
        var ambient = Rows(Path.Combine(folder, AmbientFile + ".csv"));
        var windows = Windows(Path.Combine(folder, "failure_windows.json"));
        return new SensorFiles(
            [.. machine.Select(row => row.Value)],
            [.. machine.Select(row => windows.Exists(window => row.Time >= window.Begin && row.Time <= window.End))],
            [.. ambient.Select(row => row.Value)]);
    }

    private static List<(DateTime Time, double Value)> Rows(string file)
    {
        if (!File.Exists(file))
            throw new InvalidDataException($"{file} (No such file or directory)");
        var rows = new List<(DateTime, double)>();
        foreach (var line in File.ReadLines(file).Skip(1).Take(MostRows))
        {
            var comma = line.IndexOf(',', StringComparison.Ordinal);
            if (comma < 0 || !DateTime.TryParse(line.AsSpan(0, comma), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                || !double.TryParse(line.AsSpan(comma + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                throw new InvalidDataException($"{file}: line {rows.Count + 2} is not timestamp,value");
            rows.Add((time, value));
        }

        return rows.Count > 0 ? rows : throw new InvalidDataException($"{file} has no rows");
    }

    // The file names its lists by the data set's own file names, which begin as ours do.
    private static List<(DateTime Begin, DateTime End)> Windows(string file)
    {
        if (!File.Exists(file))
            return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return [.. document.RootElement.EnumerateObject().Where(list => list.Name.StartsWith(MachineFile, StringComparison.Ordinal))
                .SelectMany(list => list.Value.EnumerateArray().Select(window => (TimeOf(window[0]), TimeOf(window[1]))))];
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{file}: {error.Message}", error);
        }
    }

    private static DateTime TimeOf(JsonElement text) => DateTime.Parse(text.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.None);
}
