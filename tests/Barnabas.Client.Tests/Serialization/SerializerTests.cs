using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Serialization;

public sealed partial class SerializerTests
{
    private static readonly SerializationContext Context = new("topic", IsKey: false);

    [Fact]
    public void Bytes_are_those_of_Kafkas_serializers()
    {
        Assert.Equal("C3BC78", Hex(Serializers.Utf8, "\u00fcx"));
        Assert.Equal("FFFE", Hex<short>(Serializers.Int16, -2));
        Assert.Equal("00000102", Hex(Serializers.Int32, 258));
        Assert.Equal("FFFFFFFFFFFFFFFF", Hex(Serializers.Int64, -1));
        Assert.Equal("3FC00000", Hex(Serializers.Single, 1.5f));
        Assert.Equal("3FF8000000000000", Hex(Serializers.Double, 1.5));
        Assert.Equal("01", Hex(Serializers.Boolean, true));
        Assert.Equal(
            Convert.ToHexString("00010203-0405-0607-0809-0a0b0c0d0e0f"u8),
            Hex(Serializers.Guid, Guid.Parse("00010203-0405-0607-0809-0a0b0c0d0e0f")));
    }

    [Fact]
    public void Data_comes_back()
    {
        var guid = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff");
        var uuid = Uuid.Random(new Random(1));
        Assert.Equal("gr\u00fc\u00df", Round(Serializers.Utf8, Deserializers.Utf8, "gr\u00fc\u00df"));
        Assert.Equal([1, 2], Round(Serializers.ByteArray, Deserializers.ByteArray, [1, 2])!);
        Assert.Equal(short.MinValue, Round(Serializers.Int16, Deserializers.Int16, short.MinValue));
        Assert.Equal(int.MinValue, Round(Serializers.Int32, Deserializers.Int32, int.MinValue));
        Assert.Equal(long.MaxValue, Round(Serializers.Int64, Deserializers.Int64, long.MaxValue));
        Assert.Equal(0.1f, Round(Serializers.Single, Deserializers.Single, 0.1f));
        Assert.Equal(0.1, Round(Serializers.Double, Deserializers.Double, 0.1));
        Assert.False(Round(Serializers.Boolean, Deserializers.Boolean, false));
        Assert.Equal(guid, Round(Serializers.Guid, Deserializers.Guid, guid));
        Assert.Equal(uuid, Round(Serializers.Uuid, Deserializers.Uuid, uuid));
        Assert.Null(Round(Serializers.Null, Deserializers.Null, null));
        var reading = new Reading("sensor_1", 24.5);
        Assert.Equal(reading, Round(Serializers.Json(JsonContext.Default.Reading), Deserializers.Json(JsonContext.Default.Reading), reading));
    }

    [Fact]
    public void Null_differs_from_empty()
    {
        Assert.Null(Hex(Serializers.Utf8, null));
        Assert.Equal("", Hex(Serializers.Utf8, ""));
        Assert.Null(Hex(Serializers.ByteArray, null));
        Assert.Null(Hex(Serializers.Memory, null));
        Assert.Null(Deserializers.Memory.Deserialize([], isNull: true, Context));
        Assert.Equal(0, Deserializers.Memory.Deserialize([], isNull: false, Context)!.Value.Length);
    }

    [Fact]
    public void Bytes_of_another_type_are_refused_with_Kafkas_sentence()
    {
        Assert.Equal(
            "Size of data received by IntegerDeserializer is not 4",
            Assert.Throws<SerializationException>(() => Deserializers.Int32.Deserialize([1, 2], isNull: false, Context)).Message);
        Assert.Throws<SerializationException>(() => Deserializers.Int64.Deserialize([], isNull: true, Context));
        Assert.Throws<SerializationException>(() => Deserializers.Boolean.Deserialize([2], isNull: false, Context));
        Assert.Throws<SerializationException>(() => Deserializers.Guid.Deserialize("no"u8, isNull: false, Context));
        Assert.Throws<SerializationException>(() => Deserializers.Uuid.Deserialize("no"u8, isNull: false, Context));
        Assert.Throws<SerializationException>(() => Deserializers.Json(JsonContext.Default.Reading).Deserialize("{"u8, isNull: false, Context));
        Assert.Throws<SerializationException>(() => Hex(Serializers.Null, "something"));
    }

    private static string? Hex<T>(ISerializer<T> serializer, T data)
    {
        var output = new ArrayBufferWriter<byte>();
        return serializer.Serialize(data, output, Context) ? Convert.ToHexString(output.WrittenSpan) : null;
    }

    private static T Round<T>(ISerializer<T> serializer, IDeserializer<T> deserializer, T data)
    {
        var output = new ArrayBufferWriter<byte>();
        var isNull = !serializer.Serialize(data, output, Context);
        return deserializer.Deserialize(output.WrittenSpan, isNull, Context);
    }

    internal sealed record Reading(string SensorId, double Temperature);

    [JsonSerializable(typeof(Reading))]
    internal sealed partial class JsonContext : JsonSerializerContext;
}
