using System.Buffers;

namespace Barnabas.Client.Serialization;

/// <summary>Turns keys or values into bytes. One instance serves all threads at once.</summary>
/// <typeparam name="T">The type of the data.</typeparam>
public interface ISerializer<in T>
{
    /// <summary>
    /// Appends the bytes of <paramref name="data"/>. Returns false when the data stands for null, which in Kafka
    /// differs from no bytes; nothing may be written then.
    /// </summary>
    /// <exception cref="SerializationException">The data cannot be put into bytes.</exception>
    bool Serialize(T data, IBufferWriter<byte> output, SerializationContext context);
}
