using System.Text.Json.Serialization.Metadata;
using Barnabas.Protocol;

namespace Barnabas.Client.Serialization;

/// <summary>Deserializers for common types; they read the bytes of Kafka's Java serializers.</summary>
public static class Deserializers
{
    /// <summary>Text in UTF-8, as StringDeserializer; null stays null.</summary>
    public static IDeserializer<string?> Utf8 { get; } = new Utf8Deserializer();

    /// <summary>A copy of the bytes, as ByteArrayDeserializer; null stays null.</summary>
    public static IDeserializer<byte[]?> ByteArray { get; } = new ByteArrayDeserializer();

    /// <summary>A copy of the bytes; null stays null.</summary>
    public static IDeserializer<ReadOnlyMemory<byte>?> Memory { get; } = new MemoryDeserializer();

    /// <summary>Two bytes, big-endian, as ShortDeserializer.</summary>
    public static IDeserializer<short> Int16 { get; } = new Int16Deserializer();

    /// <summary>Four bytes, big-endian, as IntegerDeserializer.</summary>
    public static IDeserializer<int> Int32 { get; } = new Int32Deserializer();

    /// <summary>Eight bytes, big-endian, as LongDeserializer.</summary>
    public static IDeserializer<long> Int64 { get; } = new Int64Deserializer();

    /// <summary>Four bytes of IEEE 754, big-endian, as FloatDeserializer.</summary>
    public static IDeserializer<float> Single { get; } = new SingleDeserializer();

    /// <summary>Eight bytes of IEEE 754, big-endian, as DoubleDeserializer.</summary>
    public static IDeserializer<double> Double { get; } = new DoubleDeserializer();

    /// <summary>One byte, 1 or 0, as BooleanDeserializer.</summary>
    public static IDeserializer<bool> Boolean { get; } = new BooleanDeserializer();

    /// <summary>The 36 characters of the usual form, as UUIDDeserializer.</summary>
    public static IDeserializer<Guid> Guid { get; } = new GuidDeserializer();

    /// <summary>Kafka's own id in its 22 characters of base64.</summary>
    public static IDeserializer<Uuid> Uuid { get; } = new UuidDeserializer();

    /// <summary>Takes null alone, as VoidDeserializer.</summary>
    public static IDeserializer<object?> Null { get; } = new NullDeserializer();

    /// <summary>Passes over the bytes whatever they are: for keys or values nobody looks at.</summary>
    public static IDeserializer<object?> Ignore { get; } = new IgnoringDeserializer();

    /// <summary>JSON by source-generated type information, without reflection; null gives the type's default.</summary>
    public static IDeserializer<T?> Json<T>(JsonTypeInfo<T> type) => new JsonDeserializer<T>(type);
}
