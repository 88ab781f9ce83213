using System.Text.Json.Serialization.Metadata;
using Barnabas.Protocol;

namespace Barnabas.Client.Serialization;

/// <summary>Serializers for common types; the bytes are those of Kafka's Java serializers.</summary>
public static class Serializers
{
    /// <summary>Text in UTF-8, as StringSerializer; null stays null.</summary>
    public static ISerializer<string?> Utf8 { get; } = new Utf8Serializer();

    /// <summary>Bytes as they are, as ByteArraySerializer; null stays null.</summary>
    public static ISerializer<byte[]?> ByteArray { get; } = new ByteArraySerializer();

    /// <summary>Bytes as they are; null stays null.</summary>
    public static ISerializer<ReadOnlyMemory<byte>?> Memory { get; } = new MemorySerializer();

    /// <summary>Two bytes, big-endian, as ShortSerializer.</summary>
    public static ISerializer<short> Int16 { get; } = new Int16Serializer();

    /// <summary>Four bytes, big-endian, as IntegerSerializer.</summary>
    public static ISerializer<int> Int32 { get; } = new Int32Serializer();

    /// <summary>Eight bytes, big-endian, as LongSerializer.</summary>
    public static ISerializer<long> Int64 { get; } = new Int64Serializer();

    /// <summary>Four bytes of IEEE 754, big-endian, as FloatSerializer.</summary>
    public static ISerializer<float> Single { get; } = new SingleSerializer();

    /// <summary>Eight bytes of IEEE 754, big-endian, as DoubleSerializer.</summary>
    public static ISerializer<double> Double { get; } = new DoubleSerializer();

    /// <summary>One byte, 1 or 0, as BooleanSerializer.</summary>
    public static ISerializer<bool> Boolean { get; } = new BooleanSerializer();

    /// <summary>The 36 characters of the usual form, as UUIDSerializer.</summary>
    public static ISerializer<Guid> Guid { get; } = new GuidSerializer();

    /// <summary>Kafka's own id in its 22 characters of base64.</summary>
    public static ISerializer<Uuid> Uuid { get; } = new UuidSerializer();

    /// <summary>Always null, as VoidSerializer: for records without keys or without values.</summary>
    public static ISerializer<object?> Null { get; } = new NullSerializer();

    /// <summary>JSON by source-generated type information, without reflection; null stays null.</summary>
    public static ISerializer<T> Json<T>(JsonTypeInfo<T> type) => new JsonSerializer<T>(type);
}
