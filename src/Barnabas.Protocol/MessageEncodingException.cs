namespace Barnabas.Protocol;

/// <summary>A value that has no encoding in the protocol: null where none is allowed, or a string longer than its length field.</summary>
public sealed class MessageEncodingException(string message) : Exception(message)
{
    internal static MessageEncodingException ForNull(string field) => new($"field {field} is null where the version allows no null");

    internal static MessageEncodingException ForLongString(string field, int length) =>
        new($"'{field}' field is too long to be serialized: {length} bytes");
}
