using System.Text;
using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>What a line says: slices of it.</summary>
internal readonly record struct LineRecord(ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, IReadOnlyList<RecordHeader>? Headers);

/// <summary>Reads headers, key and value out of a line, as Kafka's LineMessageReader and by its properties.</summary>
internal sealed class LineRecordReader
{
    private readonly bool _parsesKey;
    private readonly bool _parsesHeaders;
    private readonly bool _ignoresErrors;
    private readonly byte[] _keySeparator;
    private readonly byte[] _headersDelimiter;
    private readonly Regex _headersSeparator;
    private readonly string _headersKeySeparator;
    private readonly string? _nullMarker;
    private readonly byte[]? _nullMarkerBytes;
    private int _line;

    /// <exception cref="VerbException">Separators are not different from each other.</exception>
    public LineRecordReader(IReadOnlyDictionary<string, string> properties)
    {
        _parsesKey = IsTrue(properties, "parse.key");
        _parsesHeaders = IsTrue(properties, "parse.headers");
        _ignoresErrors = IsTrue(properties, "ignore.error");
        var keySeparator = properties.GetValueOrDefault("key.separator", "\t");
        var headersDelimiter = properties.GetValueOrDefault("headers.delimiter", "\t");
        var headersSeparator = properties.GetValueOrDefault("headers.separator", ",");
        _headersKeySeparator = properties.GetValueOrDefault("headers.key.separator", ":");
        _nullMarker = properties.GetValueOrDefault("null.marker");
        RequireDifferent(("headers.delimiter", headersDelimiter), ("headers.separator", headersSeparator));
        RequireDifferent(("headers.delimiter", headersDelimiter), ("headers.key.separator", _headersKeySeparator));
        RequireDifferent(("headers.separator", headersSeparator), ("headers.key.separator", _headersKeySeparator));
        RequireDifferent(("null.marker", _nullMarker), ("key.separator", keySeparator));
        RequireDifferent(("null.marker", _nullMarker), ("headers.separator", headersSeparator));
        RequireDifferent(("null.marker", _nullMarker), ("headers.delimiter", headersDelimiter));
        RequireDifferent(("null.marker", _nullMarker), ("headers.key.separator", _headersKeySeparator));
        _keySeparator = Encoding.UTF8.GetBytes(keySeparator);
        _headersDelimiter = Encoding.UTF8.GetBytes(headersDelimiter);
        _nullMarkerBytes = _nullMarker is null ? null : Encoding.UTF8.GetBytes(_nullMarker);
        try
        {
            _headersSeparator = new Regex(headersSeparator, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException error)
        {
            throw new VerbException($"headers.separator is no regular expression: {error.Message}");
        }
    }

    /// <summary>Reads the next line.</summary>
    /// <exception cref="VerbException">A separator is missing, and errors are not ignored.</exception>
    public LineRecord Read(ReadOnlyMemory<byte> line)
    {
        _line++;
        var headers = TakeUpTo(_parsesHeaders, line, 0, _headersDelimiter, "headers delimiter");
        var keyStart = headers is { } before ? before.Length + _headersDelimiter.Length : 0;
        var key = TakeUpTo(_parsesKey, line, keyStart, _keySeparator, "key separator");
        var valueStart = keyStart + (key is { } found ? found.Length + _keySeparator.Length : 0);
        return new LineRecord(OrNull(key), OrNull(line[valueStart..]), OrNull(headers) is { } text ? SplitHeaders(text) : null);
    }

    private ReadOnlyMemory<byte>? TakeUpTo(bool isWanted, ReadOnlyMemory<byte> line, int start, byte[] separator, string name)
    {
        if (!isWanted)
            return null;
        var at = line.Span[start..].IndexOf(separator);
        if (at >= 0)
            return line.Slice(start, at);
        return _ignoresErrors ? null : throw new VerbException($"No {name} found on line number {_line}: '{Encoding.UTF8.GetString(line.Span)}'");
    }

    private ReadOnlyMemory<byte>? OrNull(ReadOnlyMemory<byte>? field) =>
        _nullMarkerBytes is not null && field is { } bytes && bytes.Span.SequenceEqual(_nullMarkerBytes) ? null : field;

    private List<RecordHeader> SplitHeaders(ReadOnlyMemory<byte> text)
    {
        var headers = new List<RecordHeader>();
        var pairs = _headersSeparator.Split(Encoding.UTF8.GetString(text.Span));
        // As in Java, empty parts at the end do not count, unless there is nothing else.
        var count = pairs.Length;
        while (count > 1 && pairs[count - 1].Length == 0)
            count--;
        for (var at = 0; at < count; at++)
            headers.Add(ReadHeader(pairs[at]));
        return headers;
    }

    private RecordHeader ReadHeader(string pair)
    {
        var at = pair.IndexOf(_headersKeySeparator, StringComparison.Ordinal);
        if (at < 0)
        {
            return _ignoresErrors
                ? new RecordHeader(pair, null)
                : throw new VerbException($"No header key separator found in pair '{pair}' on line number {_line}");
        }

        var key = pair[..at];
        if (key == _nullMarker)
            throw new VerbException($"Header keys should not be equal to the null marker '{_nullMarker}' as they can't be null");
        var value = pair[(at + _headersKeySeparator.Length)..];
        // A conversion of the whole would make null an empty value.
        return value == _nullMarker ? new RecordHeader(key, null) : new RecordHeader(key, Encoding.UTF8.GetBytes(value));
    }

    private static bool IsTrue(IReadOnlyDictionary<string, string> properties, string name) =>
        properties.TryGetValue(name, out var value) && value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);

    private static void RequireDifferent((string Name, string? Value) first, (string Name, string Value) second)
    {
        if (first.Value == second.Value)
            throw new VerbException($"{first.Name} and {second.Name} may not be equal");
    }
}
