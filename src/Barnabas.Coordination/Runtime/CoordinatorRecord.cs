using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

/// <summary>One record of a coordinator's log before it is serialized. Never changed once an operation returned it.</summary>
/// <param name="Key">The key message.</param>
/// <param name="Value">The value message, or null for a tombstone.</param>
/// <param name="ValueVersion">The version the value is written at; ignored for a tombstone.</param>
public sealed record CoordinatorRecord(ICoordinatorKey Key, ICoordinatorValue? Value, short ValueVersion)
{
    /// <summary>The record type, which stands in front of the key.</summary>
    public short Type => Key.RecordType;

    /// <summary>A record that deletes <paramref name="key"/>.</summary>
    public static CoordinatorRecord Tombstone(ICoordinatorKey key) => new(key, null, 0);
}
