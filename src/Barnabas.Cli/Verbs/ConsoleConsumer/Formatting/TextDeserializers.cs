using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Barnabas.Cli.Framework;
using Barnabas.Configuration.Validation;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Kafka's deserializers by class name, each giving the text that Java prints for the value.</summary>
internal static class TextDeserializers
{
    /// <exception cref="VerbException">There is none of that name.</exception>
    public static Func<byte[], string>? Find(string? className) => className is null ? null : className[(className.LastIndexOf('.') + 1)..] switch
    {
        "StringDeserializer" => Encoding.UTF8.GetString,
        "ByteArrayDeserializer" or "ByteBufferDeserializer" or "BytesDeserializer" => Encoding.UTF8.GetString,
        "ShortDeserializer" => bytes => BinaryPrimitives.ReadInt16BigEndian(Sized(bytes, 2, "ShortDeserializer")).ToString(CultureInfo.InvariantCulture),
        "IntegerDeserializer" => bytes => BinaryPrimitives.ReadInt32BigEndian(Sized(bytes, 4, "IntegerDeserializer")).ToString(CultureInfo.InvariantCulture),
        "LongDeserializer" => bytes => BinaryPrimitives.ReadInt64BigEndian(Sized(bytes, 8, "LongDeserializer")).ToString(CultureInfo.InvariantCulture),
        "FloatDeserializer" => bytes => BinaryPrimitives.ReadSingleBigEndian(Sized(bytes, 4, "FloatDeserializer")).ToString("R", CultureInfo.InvariantCulture),
        "DoubleDeserializer" => bytes => JavaDouble.ToText(BinaryPrimitives.ReadDoubleBigEndian(Sized(bytes, 8, "DoubleDeserializer"))),
        "BooleanDeserializer" => bytes => Sized(bytes, 1, "BooleanDeserializer")[0] != 0 ? "true" : "false",
        "UUIDDeserializer" => Encoding.UTF8.GetString,
        _ => throw new VerbException($"Unable to instantiate a deserializer from {className}"),
    };

    private static byte[] Sized(byte[] bytes, int size, string name) =>
        bytes.Length == size ? bytes : throw new FormatException($"Size of data received by {name} is not {size}");
}
