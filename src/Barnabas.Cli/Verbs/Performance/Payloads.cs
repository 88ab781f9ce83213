using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>The values that a performance test sends: random letters, lines of a file, or the record's number.</summary>
internal abstract class Payloads
{
    /// <summary>The value of a record; good until the next is asked for.</summary>
    public abstract ReadOnlyMemory<byte> Next(long record);

    public static Payloads Random(int bytes) => new RandomLetters(bytes);

    public static Payloads Numbers() => new RecordNumbers();

    /// <exception cref="VerbException">There is nothing in the file.</exception>
    public static Payloads FromFile(string path, string delimiter, TextWriter output)
    {
        output.WriteLine($"Reading payloads from: {Path.GetFullPath(path)}");
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            throw new VerbException("File does not exist or empty file provided.");
        var parts = Regex.Split(File.ReadAllText(path), delimiter).ToList();
        // As in Java, empty parts at the end do not count.
        while (parts.Count > 0 && parts[^1].Length == 0)
            parts.RemoveAt(parts.Count - 1);
        output.WriteLine($"Number of records read: {parts.Count}");
        return parts.Count > 0 ? new Choices(parts) : throw new VerbException("File does not exist or empty file provided.");
    }

    /// <summary>Numbers of a fixed sequence, eight bytes at a time: the test is not to measure its own random source.</summary>
    private static ulong Mix(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    private sealed class RandomLetters(int bytes) : Payloads
    {
        private readonly byte[] _value = new byte[bytes];
        private ulong _state;

        public override ReadOnlyMemory<byte> Next(long record)
        {
            for (var at = 0; at < _value.Length;)
            {
                var word = Mix(ref _state);
                for (var left = 0; left < sizeof(ulong) && at < _value.Length; left++, word >>= 8)
                    _value[at++] = (byte)('A' + (((word & 0xFF) * 26) >> 8));
            }

            return _value;
        }
    }

    private sealed class RecordNumbers : Payloads
    {
        private readonly byte[] _value = new byte[20];

        public override ReadOnlyMemory<byte> Next(long record)
        {
            record.TryFormat(_value, out var written, provider: CultureInfo.InvariantCulture);
            return _value.AsMemory(0, written);
        }
    }

    private sealed class Choices(IEnumerable<string> parts) : Payloads
    {
        private readonly byte[][] _values = parts.Select(Encoding.UTF8.GetBytes).ToArray();
        private ulong _state;

        public override ReadOnlyMemory<byte> Next(long record) => _values[(int)(Mix(ref _state) % (ulong)_values.Length)];
    }
}
