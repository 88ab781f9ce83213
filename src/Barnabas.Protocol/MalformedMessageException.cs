using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Protocol;

/// <summary>Bytes that are not what the protocol allows at their place; the connection they came over is of no more use.</summary>
public sealed class MalformedMessageException(string message) : Exception(message)
{
    [DoesNotReturn]
    internal static void ThrowTooShort(int needed, int remaining) =>
        throw new MalformedMessageException($"Needed {needed} more bytes, but there are only {remaining} bytes remaining.");

    [DoesNotReturn]
    internal static void ThrowNull(string field) =>
        throw new MalformedMessageException($"non-nullable field {field} was serialized as null");

    [DoesNotReturn]
    internal static void ThrowLength(string field, long length) =>
        throw new MalformedMessageException($"field {field} had invalid length {length}");

    [DoesNotReturn]
    internal static void ThrowCount(string field, int count, int remaining) =>
        throw new MalformedMessageException($"Tried to allocate a collection {field} of size {count}, but there are only {remaining} bytes remaining.");

    [DoesNotReturn]
    internal static void ThrowVarint(string kind) => throw new MalformedMessageException($"{kind} has more bytes than its width allows");

    [DoesNotReturn]
    internal static void ThrowTags(uint count, string limit) =>
        throw new MalformedMessageException($"A section of {count} tagged fields is more than {limit}");

    [DoesNotReturn]
    internal static void ThrowTagSize(int tag, int difference) =>
        throw new MalformedMessageException($"Tagged field {tag} ends {difference} bytes away from where its size says");
}
