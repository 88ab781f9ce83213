using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Barnabas.Protocol;

namespace Barnabas.Client.Serialization;

internal sealed class GuidSerializer : ISerializer<Guid>
{
    private const int TextBytes = 36;

    public bool Serialize(Guid data, IBufferWriter<byte> output, SerializationContext context)
    {
        Utf8Formatter.TryFormat(data, output.GetSpan(TextBytes), out var written);
        output.Advance(written);
        return true;
    }
}

internal sealed class GuidDeserializer : IDeserializer<Guid>
{
    public Guid Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        !isNull && Utf8Parser.TryParse(data, out Guid value, out var consumed) && consumed == data.Length
            ? value
            : throw new SerializationException("Error parsing data into UUID");
}

internal sealed class UuidSerializer : ISerializer<Uuid>
{
    public bool Serialize(Uuid data, IBufferWriter<byte> output, SerializationContext context)
    {
        Encoding.UTF8.GetBytes(data.ToString(), output);
        return true;
    }
}

internal sealed class UuidDeserializer : IDeserializer<Uuid>
{
    public Uuid Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
            throw new SerializationException("Error parsing data into UUID: it is null");
        try
        {
            return Uuid.Parse(Encoding.UTF8.GetString(data));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new SerializationException("Error parsing data into UUID", e);
        }
    }
}
