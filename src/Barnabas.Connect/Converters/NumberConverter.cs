using System.Buffers.Binary;
using System.Numerics;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Converters;

/// <summary>Whole numbers, big-endian, as Kafka's Short-, Integer- and LongSerializer write them.</summary>
/// <typeparam name="T">short, int or long.</typeparam>
/// <param name="schema">The optional schema of what is read.</param>
public sealed class NumberConverter<T>(Schema schema) : IConverter, IHeaderConverter
    where T : struct, IBinaryInteger<T>
{
    private static readonly int Size = default(T).GetByteCount();

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs, bool isKey)
    {
    }

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
    }

    /// <inheritdoc/>
    public byte[]? FromConnectData(string topic, ConnectHeaders headers, Schema? schema, object? value)
    {
        if (value is null) return null;
        var bytes = new byte[Size];
        ((T)NumberConverters.Require<T>(value)).WriteBigEndian(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes)
    {
        if (bytes is null) return new(schema, null);
        NumberConverters.RequireSize(bytes, Size, typeof(T));
        return new(schema, T.ReadBigEndian(bytes, isUnsigned: false));
    }

    /// <inheritdoc/>
    public byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value) => FromConnectData(topic, ConnectHeaders.Empty, schema, value);

    /// <inheritdoc/>
    public SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes) => ToConnectData(topic, ConnectHeaders.Empty, bytes);
}

/// <summary>Floating-point numbers, big-endian, as Kafka's FloatSerializer and DoubleSerializer write them.</summary>
/// <param name="isDouble">64 bits rather than 32.</param>
public sealed class FloatConverter(bool isDouble) : IConverter, IHeaderConverter
{
    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs, bool isKey)
    {
    }

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
    }

    /// <inheritdoc/>
    public byte[]? FromConnectData(string topic, ConnectHeaders headers, Schema? schema, object? value)
    {
        if (value is null) return null;
        var bytes = new byte[isDouble ? 8 : 4];
        if (isDouble) BinaryPrimitives.WriteDoubleBigEndian(bytes, (double)NumberConverters.Require<double>(value));
        else BinaryPrimitives.WriteSingleBigEndian(bytes, (float)NumberConverters.Require<float>(value));
        return bytes;
    }

    /// <inheritdoc/>
    public SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes)
    {
        var schema = isDouble ? Schema.OptionalFloat64 : Schema.OptionalFloat32;
        if (bytes is null) return new(schema, null);
        NumberConverters.RequireSize(bytes, isDouble ? 8 : 4, isDouble ? typeof(double) : typeof(float));
        return new(schema, isDouble ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadSingleBigEndian(bytes));
    }

    /// <inheritdoc/>
    public byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value) => FromConnectData(topic, ConnectHeaders.Empty, schema, value);

    /// <inheritdoc/>
    public SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes) => ToConnectData(topic, ConnectHeaders.Empty, bytes);
}

/// <summary>What the number converters share.</summary>
internal static class NumberConverters
{
    public static object Require<T>(object value) =>
        value is T ? value : throw new DataException($"Failed to serialize: a value of type {value.GetType().Name} is not of type {typeof(T).Name}");

    public static void RequireSize(byte[] bytes, int size, Type type)
    {
        if (bytes.Length != size) throw new DataException($"Failed to deserialize to {type.Name}: {bytes.Length} bytes are not {size}");
    }
}
