using System.Buffers;
using System.Buffers.Binary;

namespace Barnabas.Client.Serialization;

/// <summary>What the deserializers of fixed size share: the check of the size, with Kafka's sentence.</summary>
internal static class FixedSize
{
    public static void Require(ReadOnlySpan<byte> data, bool isNull, int sizeBytes, string javaName)
    {
        if (isNull)
            throw new SerializationException($"{javaName} got null where the type has no null.");
        if (data.Length != sizeBytes)
            throw new SerializationException($"Size of data received by {javaName} is not {sizeBytes}");
    }
}

internal sealed class Int16Serializer : ISerializer<short>
{
    public bool Serialize(short data, IBufferWriter<byte> output, SerializationContext context)
    {
        BinaryPrimitives.WriteInt16BigEndian(output.GetSpan(2), data);
        output.Advance(2);
        return true;
    }
}

internal sealed class Int16Deserializer : IDeserializer<short>
{
    public short Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        FixedSize.Require(data, isNull, 2, "ShortDeserializer");
        return BinaryPrimitives.ReadInt16BigEndian(data);
    }
}

internal sealed class Int32Serializer : ISerializer<int>
{
    public bool Serialize(int data, IBufferWriter<byte> output, SerializationContext context)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), data);
        output.Advance(4);
        return true;
    }
}

internal sealed class Int32Deserializer : IDeserializer<int>
{
    public int Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        FixedSize.Require(data, isNull, 4, "IntegerDeserializer");
        return BinaryPrimitives.ReadInt32BigEndian(data);
    }
}

internal sealed class Int64Serializer : ISerializer<long>
{
    public bool Serialize(long data, IBufferWriter<byte> output, SerializationContext context)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), data);
        output.Advance(8);
        return true;
    }
}

internal sealed class Int64Deserializer : IDeserializer<long>
{
    public long Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        FixedSize.Require(data, isNull, 8, "LongDeserializer");
        return BinaryPrimitives.ReadInt64BigEndian(data);
    }
}

internal sealed class SingleSerializer : ISerializer<float>
{
    public bool Serialize(float data, IBufferWriter<byte> output, SerializationContext context)
    {
        BinaryPrimitives.WriteSingleBigEndian(output.GetSpan(4), data);
        output.Advance(4);
        return true;
    }
}

internal sealed class SingleDeserializer : IDeserializer<float>
{
    public float Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        FixedSize.Require(data, isNull, 4, "FloatDeserializer");
        return BinaryPrimitives.ReadSingleBigEndian(data);
    }
}

internal sealed class DoubleSerializer : ISerializer<double>
{
    public bool Serialize(double data, IBufferWriter<byte> output, SerializationContext context)
    {
        BinaryPrimitives.WriteDoubleBigEndian(output.GetSpan(8), data);
        output.Advance(8);
        return true;
    }
}

internal sealed class DoubleDeserializer : IDeserializer<double>
{
    public double Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        FixedSize.Require(data, isNull, 8, "DoubleDeserializer");
        return BinaryPrimitives.ReadDoubleBigEndian(data);
    }
}

internal sealed class BooleanSerializer : ISerializer<bool>
{
    public bool Serialize(bool data, IBufferWriter<byte> output, SerializationContext context)
    {
        output.GetSpan(1)[0] = data ? (byte)1 : (byte)0;
        output.Advance(1);
        return true;
    }
}

internal sealed class BooleanDeserializer : IDeserializer<bool>
{
    public bool Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        FixedSize.Require(data, isNull, 1, "BooleanDeserializer");
        return data[0] switch
        {
            0 => false,
            1 => true,
            var other => throw new SerializationException($"Unexpected byte received by BooleanDeserializer: {other}"),
        };
    }
}
