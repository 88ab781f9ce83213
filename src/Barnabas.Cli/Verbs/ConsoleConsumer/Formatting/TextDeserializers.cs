using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Barnabas.Client.Serialization;
using Barnabas.Configuration.Validation;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Turns the bytes of a key, a value or a header into text.</summary>
/// <exception cref="SerializationException">The bytes are no such data.</exception>
internal delegate string TextDeserializer(ReadOnlySpan<byte> bytes);

/// <summary>Kafka's deserializers by class name, each giving the text that Java prints for its values.</summary>
internal static class TextDeserializers
{
    /// <summary>The deserializer of a name; null for none, and with a line in the log for an unknown name: bytes go out as they are then.</summary>
    public static TextDeserializer? Find(string? className, ILogger logger)
    {
        if (className is null)
            return null;
        if (Known(className[(className.LastIndexOf('.') + 1)..]) is { } known)
            return known;
        // An array of bytes has no text of its own in Java: the bytes say more.
        if (!className.EndsWith("ByteArrayDeserializer", StringComparison.Ordinal))
            ToolLog.NoDeserializer(logger, className);
        return null;
    }

    private static TextDeserializer? Known(string name) => name switch
    {
        "StringDeserializer" => Encoding.UTF8.GetString,
        "ShortDeserializer" => bytes => BinaryPrimitives.ReadInt16BigEndian(Sized(bytes, 2, name)).ToString(CultureInfo.InvariantCulture),
        "IntegerDeserializer" => bytes => BinaryPrimitives.ReadInt32BigEndian(Sized(bytes, 4, name)).ToString(CultureInfo.InvariantCulture),
        "LongDeserializer" => bytes => BinaryPrimitives.ReadInt64BigEndian(Sized(bytes, 8, name)).ToString(CultureInfo.InvariantCulture),
        "FloatDeserializer" => bytes => Text(BinaryPrimitives.ReadSingleBigEndian(Sized(bytes, 4, name))),
        "DoubleDeserializer" => bytes => JavaDouble.ToText(BinaryPrimitives.ReadDoubleBigEndian(Sized(bytes, 8, name))),
        "BooleanDeserializer" => ReadBoolean,
        "UUIDDeserializer" => ReadUuid,
        "BytesDeserializer" => ReadBytes,
        "ByteBufferDeserializer" => bytes => $"java.nio.HeapByteBuffer[pos=0 lim={bytes.Length} cap={bytes.Length}]",
        "VoidDeserializer" => _ => throw new SerializationException("Data should be null for a VoidDeserializer."),
        _ => null,
    };

    private static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> bytes, int size, string name) =>
        bytes.Length == size ? bytes : throw new SerializationException($"Size of data received by {name} is not {size}");

    // The fewest digits that tell a float from its neighbours, in the notation of doubles.
    private static string Text(float value) =>
        JavaDouble.ToText(float.IsFinite(value) ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value);

    private static string ReadBoolean(ReadOnlySpan<byte> bytes) => Sized(bytes, 1, "BooleanDeserializer")[0] switch
    {
        0 => "false",
        1 => "true",
        var other => throw new SerializationException($"Unexpected byte received by BooleanDeserializer: {(sbyte)other}"),
    };

    private static string ReadUuid(ReadOnlySpan<byte> bytes) => Guid.TryParseExact(Encoding.UTF8.GetString(bytes), "D", out var uuid)
        ? uuid.ToString("D")
        : throw new SerializationException("Error parsing data into UUID");

    private static string ReadBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            if (value is >= (byte)' ' and <= (byte)'~' and not (byte)'\\')
                text.Append((char)value);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}");
        }

        return text.ToString();
    }
}
