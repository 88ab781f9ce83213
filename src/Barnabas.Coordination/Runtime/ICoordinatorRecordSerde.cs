using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

/// <summary>Turns the bytes of a coordinator's log into records. (Writing needs no knowledge of the types.)</summary>
public interface ICoordinatorRecordSerde
{
    /// <summary>Reads one record.</summary>
    /// <param name="key">The record's key, with the type in front.</param>
    /// <param name="value">The record's value, with its version in front, or null for a tombstone.</param>
    /// <returns>The record, or null if its type is unknown to this version of the software.</returns>
    /// <exception cref="MalformedMessageException">The bytes are not what the type says.</exception>
    CoordinatorRecord? Deserialize(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value);
}
