using System.Buffers;
using System.Text;

namespace Barnabas.Client.Serialization;

internal sealed class Utf8Serializer : ISerializer<string?>
{
    public bool Serialize(string? data, IBufferWriter<byte> output, SerializationContext context)
    {
        if (data is null)
            return false;
        Encoding.UTF8.GetBytes(data, output);
        return true;
    }
}

internal sealed class Utf8Deserializer : IDeserializer<string?>
{
    public string? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        isNull ? null : Encoding.UTF8.GetString(data);
}

internal sealed class ByteArraySerializer : ISerializer<byte[]?>
{
    public bool Serialize(byte[]? data, IBufferWriter<byte> output, SerializationContext context)
    {
        if (data is null)
            return false;
        output.Write(data);
        return true;
    }
}

internal sealed class ByteArrayDeserializer : IDeserializer<byte[]?>
{
    public byte[]? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? null : data.ToArray();
}

internal sealed class MemorySerializer : ISerializer<ReadOnlyMemory<byte>?>
{
    public bool Serialize(ReadOnlyMemory<byte>? data, IBufferWriter<byte> output, SerializationContext context)
    {
        if (data is not { } bytes)
            return false;
        output.Write(bytes.Span);
        return true;
    }
}

internal sealed class MemoryDeserializer : IDeserializer<ReadOnlyMemory<byte>?>
{
    public ReadOnlyMemory<byte>? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
            return null;
        return data.ToArray();
    }
}

internal sealed class NullSerializer : ISerializer<object?>
{
    public bool Serialize(object? data, IBufferWriter<byte> output, SerializationContext context) =>
        data is null ? false : throw new SerializationException("Data should be null for a VoidSerializer.");
}

internal sealed class NullDeserializer : IDeserializer<object?>
{
    public object? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        isNull ? null : throw new SerializationException("Data should be null for a VoidDeserializer.");
}

internal sealed class IgnoringDeserializer : IDeserializer<object?>
{
    public object? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => null;
}
