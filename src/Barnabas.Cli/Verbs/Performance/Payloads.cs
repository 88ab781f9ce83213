using System.Globalization;
using System.Text;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>The values that kafka-producer-perf-test sends: random letters, lines of a file, or counted numbers.</summary>
internal sealed class Payloads
{
    private readonly Random _random = new(0);
    private readonly byte[]? _letters;
    private readonly List<byte[]>? _lines;
    private long _next;

    private Payloads(byte[]? letters, List<byte[]>? lines)
    {
        _letters = letters;
        _lines = lines;
    }

    public static Payloads OfSize(int bytes) => bytes > 0 ? new Payloads(new byte[bytes], null) : throw new VerbException($"--record-size should be greater than zero, but it is {bytes}");

    public static Payloads Counted() => new(null, null);

    /// <exception cref="VerbException">The file is missing or empty.</exception>
    public static Payloads FromFile(string path, string delimiter)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            throw new VerbException("File does not exist or empty file provided.");
        var divider = delimiter.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal);
        return new Payloads(null, File.ReadAllText(path).Split(divider, StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToList());
    }

    public byte[] Next()
    {
        if (_lines is not null)
            return _lines[_random.Next(_lines.Count)];
        if (_letters is null)
            return Encoding.UTF8.GetBytes((_next++).ToString(CultureInfo.InvariantCulture));
        for (var at = 0; at < _letters.Length; at++)
            _letters[at] = (byte)('A' + _random.Next(26));
        return _letters;
    }
}
