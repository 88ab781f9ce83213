namespace Barnabas.Client.Serialization;

/// <summary>Turns bytes into keys or values. One instance serves all threads at once.</summary>
/// <typeparam name="T">The type of the data.</typeparam>
public interface IDeserializer<out T>
{
    /// <summary>Reads the data, which must not keep <paramref name="data"/>: its memory is used again.</summary>
    /// <param name="data">The bytes; empty when <paramref name="isNull"/>.</param>
    /// <param name="isNull">True when the record has no key or no value.</param>
    /// <param name="context">Where the record comes from.</param>
    /// <exception cref="SerializationException">The bytes are no such data.</exception>
    T Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context);
}
