using System.Text;
using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>A line of input as a record.</summary>
internal readonly record struct LineRecord(byte[]? Key, byte[]? Value, IReadOnlyList<RecordHeader> Headers);

/// <summary>Takes lines apart as Kafka's LineMessageReader does: headers, key and value, divided by configurable texts (KIP-798, KIP-810).</summary>
internal sealed class LineReader
{
    private readonly bool _parsesKey;
    private readonly bool _parsesHeaders;
    private readonly bool _ignoresErrors;
    private readonly string _keySeparator;
    private readonly string _headersDelimiter;
    private readonly string _headerKeySeparator;
    private readonly string? _nullMarker;
    private readonly Regex _headersSeparator;
    private long _line;

    /// <exception cref="VerbException">Two of the texts are the same.</exception>
    public LineReader(IReadOnlyDictionary<string, string> properties)
    {
        _parsesKey = IsTrue(properties, "parse.key");
        _parsesHeaders = IsTrue(properties, "parse.headers");
        _ignoresErrors = IsTrue(properties, "ignore.error");
        _keySeparator = properties.GetValueOrDefault("key.separator") ?? "\t";
        _headersDelimiter = properties.GetValueOrDefault("headers.delimiter") ?? "\t";
        var headersSeparator = properties.GetValueOrDefault("headers.separator") ?? ",";
        _headerKeySeparator = properties.GetValueOrDefault("headers.key.separator") ?? ":";
        _nullMarker = properties.GetValueOrDefault("null.marker");
        RequireDifferent("headers.delimiter", _headersDelimiter, "headers.separator", headersSeparator);
        RequireDifferent("headers.delimiter", _headersDelimiter, "headers.key.separator", _headerKeySeparator);
        RequireDifferent("headers.separator", headersSeparator, "headers.key.separator", _headerKeySeparator);
        RequireDifferent("null.marker", _nullMarker, "key.separator", _keySeparator);
        RequireDifferent("null.marker", _nullMarker, "headers.separator", headersSeparator);
        RequireDifferent("null.marker", _nullMarker, "headers.delimiter", _headersDelimiter);
        RequireDifferent("null.marker", _nullMarker, "headers.key.separator", _headerKeySeparator);
        _headersSeparator = new Regex(headersSeparator, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }

    /// <summary>Takes one line apart.</summary>
    /// <exception cref="VerbException">A separator is missing, and errors are not ignored.</exception>
    public LineRecord Parse(string line)
    {
        _line++;
        var headers = Part(_parsesHeaders, line, 0, _headersDelimiter, "headers delimiter");
        var keyStart = headers is null ? 0 : headers.Length + _headersDelimiter.Length;
        var key = Part(_parsesKey, line, keyStart, _keySeparator, "key separator");
        var value = line[(keyStart + (key is null ? 0 : key.Length + _keySeparator.Length))..];
        return new LineRecord(Bytes(key), Bytes(value), headers is null || headers == _nullMarker ? [] : ParseHeaders(headers));
    }

    private string? Part(bool isOn, string line, int start, string separator, string name)
    {
        if (!isOn)
            return null;
        var end = line.IndexOf(separator, start, StringComparison.Ordinal);
        if (end >= 0)
            return line[start..end];
        return _ignoresErrors ? null : throw new VerbException($"No {name} found on line number {_line}: '{line}'");
    }

    private List<RecordHeader> ParseHeaders(string text)
    {
        var headers = new List<RecordHeader>();
        foreach (var pair in _headersSeparator.Split(text))
        {
            var end = pair.IndexOf(_headerKeySeparator, StringComparison.Ordinal);
            if (end < 0)
            {
                if (!_ignoresErrors)
                    throw new VerbException($"No header key separator found in pair '{pair}' on line number {_line}");
                headers.Add(new RecordHeader(pair, null));
                continue;
            }

            var key = pair[..end];
            if (key == _nullMarker)
                throw new VerbException($"Header keys should not be equal to the null marker '{_nullMarker}' as they can't be null");
            headers.Add(new RecordHeader(key, Bytes(pair[(end + _headerKeySeparator.Length)..])));
        }

        return headers;
    }

    private byte[]? Bytes(string? text) => text is null || text == _nullMarker ? null : Encoding.UTF8.GetBytes(text);

    private static bool IsTrue(IReadOnlyDictionary<string, string> properties, string key) =>
        properties.TryGetValue(key, out var text) && text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);

    private static void RequireDifferent(string first, string? firstText, string second, string secondText)
    {
        if (firstText == secondText)
            throw new VerbException($"{first} and {second} may not be equal");
    }
}
