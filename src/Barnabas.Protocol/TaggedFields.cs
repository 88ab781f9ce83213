namespace Barnabas.Protocol;

internal static class TaggedFields
{
    /// <summary>Versions before KIP-482 have no place for tagged fields.</summary>
    public static void EnsureNone(List<RawTaggedField>? fields, short version)
    {
        if (fields is { Count: > 0 })
            throw new UnsupportedVersionException($"Tagged fields were set, but version {version} of this message does not support them.");
    }
}
