using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Json;

/// <summary>
/// Writes JSON without white space, byte for byte as Kafka Connect's JSON library does: only quotes, backslashes,
/// control characters and surrogates are escaped. Reused by one owner; not thread-safe.
/// </summary>
internal sealed class JsonText
{
    private const int LongestNumber = 32;

    private readonly ArrayBufferWriter<byte> _output = new(512);
    private bool _needsComma;

    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    public void Reset()
    {
        _output.ResetWrittenCount();
        _needsComma = false;
    }

    public void BeginObject() => Begin((byte)'{');

    public void EndObject() => End((byte)'}');

    public void BeginArray() => Begin((byte)'[');

    public void EndArray() => End((byte)']');

    public void Name(string name)
    {
        Separate();
        Quote(name);
        Byte((byte)':');
        _needsComma = false;
    }

    /// <summary>A name that is quoted and escaped already, with its colon.</summary>
    public void RawName(ReadOnlySpan<byte> name)
    {
        Separate();
        _output.Write(name);
        _needsComma = false;
    }

    public void Null() => Raw("null"u8);

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Number(long value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, _output.GetSpan(20), out var count);
        _output.Advance(count);
    }

    /// <summary>A number that is neither infinite nor NaN, as Java's <c>Double.toString</c> spells it.</summary>
    public void Number(double value)
    {
        if (Math.Abs(value) is < 0.001 or >= 10_000_000)
        {
            Ascii(JavaDouble.ToText(value));
            return;
        }

        Shortest(value);
    }

    /// <summary>A number that is neither infinite nor NaN, as Java's <c>Float.toString</c> spells it.</summary>
    public void Number(float value)
    {
        if (Math.Abs(value) is < 0.001f or >= 10_000_000)
        {
            Ascii(JavaDouble.ToText(value));
            return;
        }

        Shortest(value);
    }

    public void Text(string value)
    {
        Separate();
        Quote(value);
    }

    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Separate();
        Byte((byte)'"');
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, _output.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var count);
        _output.Advance(count);
        Byte((byte)'"');
    }

    /// <summary>A value that is JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        _output.Write(json);
    }

    // From 0.001 to ten million both languages spell the shortest digits plainly; whole numbers get their ".0" here.
    private void Shortest<T>(T value) where T : IUtf8SpanFormattable
    {
        Separate();
        var digits = _output.GetSpan(LongestNumber);
        value.TryFormat(digits, out var count, "R", CultureInfo.InvariantCulture);
        var isWhole = !digits[..count].Contains((byte)'.');
        _output.Advance(count);
        if (isWhole) _output.Write(".0"u8);
    }

    private void Ascii(string text)
    {
        Separate();
        _output.Advance(Encoding.ASCII.GetBytes(text, _output.GetSpan(text.Length)));
    }

    private void Begin(byte bracket)
    {
        Separate();
        Byte(bracket);
        _needsComma = false;
    }

    private void End(byte bracket)
    {
        Byte(bracket);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma) Byte((byte)',');
        _needsComma = true;
    }

    private void Byte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    // Beyond the basic plane Kafka Connect's library escapes both halves.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Concat(Enumerable.Range(0xD800, 0x800)).Select(code => (char)code), '"', '\\']);

    private void Quote(ReadOnlySpan<char> text)
    {
        Byte((byte)'"');
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            Plain(text[..at]);
            Escape(text[at]);
            text = text[(at + 1)..];
        }

        Plain(text);
        Byte((byte)'"');
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        _output.Advance(Encoding.UTF8.GetBytes(text, _output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    private void Escape(char character)
    {
        var letter = character switch { '"' => '"', '\\' => '\\', '\b' => 'b', '\t' => 't', '\n' => 'n', '\f' => 'f', '\r' => 'r', _ => '\0' };
        if (letter != '\0')
            _output.Write([(byte)'\\', (byte)letter]);
        else
            _output.Write(Encoding.ASCII.GetBytes($"\\u{(int)character:X4}"));
    }
}
