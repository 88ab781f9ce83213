using System.Globalization;

namespace Barnabas.Interop.Tests;

/// <summary>Every row of the sensors' CSV files as <c>key TAB json</c> lines, spread over five sensors.</summary>
internal sealed class SensorRows : IDisposable
{
    private const int Sensors = 5;
    private readonly Dictionary<string, List<string>> byKey = [];

    public SensorRows()
    {
        File = Path.GetTempFileName();
        using var output = new StreamWriter(File);
        foreach (var csv in Directory.EnumerateFiles(Peers.Sensors(), "*.csv").Order(StringComparer.Ordinal))
            foreach (var line in System.IO.File.ReadLines(csv).Skip(1))
            {
                var comma = line.IndexOf(',', StringComparison.Ordinal);
                var time = DateTimeOffset.Parse(line.AsSpan(0, comma), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                var key = $"sensor_{(Count % Sensors) + 1}";
                var value = $$"""{"sensor_id":"{{key}}","temperature":{{line[(comma + 1)..]}},"timestamp":{{time.ToUnixTimeSeconds()}}}""";
                if (!byKey.TryGetValue(key, out var values))
                    byKey.Add(key, values = []);
                values.Add(value);
                output.Write($"{key}\t{value}\n");
                Count++;
            }
    }

    public string File { get; }

    public int Count { get; }

    /// <summary>Fails unless <paramref name="lines"/> are all rows, each key's in the order they were written, none twice.</summary>
    public void AssertAll(string reader, IReadOnlyCollection<string> lines)
    {
        var got = lines.GroupBy(line => line[..line.IndexOf('\t', StringComparison.Ordinal)])
            .ToDictionary(group => group.Key, group => group.Select(line => line[(group.Key.Length + 1)..]).ToList());
        Assert.True(lines.Count == Count, $"{reader} read {lines.Count} of {Count} rows");
        foreach (var (key, values) in byKey)
            Assert.True(got.TryGetValue(key, out var read) && read.SequenceEqual(values), $"{reader}: rows of {key} are not those written, in order");
    }

    public void Dispose() => System.IO.File.Delete(File);
}
