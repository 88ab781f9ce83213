using System.IO.Compression;

namespace Barnabas.Protocol.Tests;

/// <summary>The stored lines that golden/make.sh wrote.</summary>
internal static class GoldenFile
{
    private static readonly Lazy<List<GoldenLine>> Stored = new(() => [.. Load("messages.txt.gz"), .. Load("messages-3.9.txt.gz")]);

    public static List<GoldenLine> Lines => Stored.Value;

    private static IEnumerable<GoldenLine> Load(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "golden", name));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('|', 5);
            yield return new GoldenLine(cells[0], short.Parse(cells[1]), cells[2], Convert.FromHexString(cells[3]), cells[4]);
        }
    }
}
