using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Barnabas.Client.Serialization;

internal sealed class JsonSerializer<T>(JsonTypeInfo<T> type) : ISerializer<T>
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public bool Serialize(T data, IBufferWriter<byte> output, SerializationContext context)
    {
        if (data is null)
            return false;
        var writer = _writer ??= new Utf8JsonWriter(output);
        writer.Reset(output);
        try
        {
            JsonSerializer.Serialize(writer, data, type);
            return true;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new SerializationException("Error serializing JSON message", e);
        }
        finally
        {
            writer.Reset(Stream.Null);
        }
    }
}

internal sealed class JsonDeserializer<T>(JsonTypeInfo<T> type) : IDeserializer<T?>
{
    public T? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
            return default;
        try
        {
            return JsonSerializer.Deserialize(data, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new SerializationException("Error deserializing JSON message", e);
        }
    }
}
