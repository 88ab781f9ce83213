using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

/// <summary>Reads the records of <c>__share_group_state</c>.</summary>
public sealed class ShareRecordSerde : ICoordinatorRecordSerde
{
    /// <inheritdoc/>
    public CoordinatorRecord? Deserialize(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        var type = CoordinatorRecordFrame.ReadType(key);
        if (ShareRecordCatalog.NewKey(type) is not { } keyMessage)
            return null;

        CoordinatorRecordFrame.ReadKey(key, keyMessage);
        if (value is not { } bytes)
            return CoordinatorRecord.Tombstone(keyMessage);

        var valueMessage = ShareRecordCatalog.NewValue(type)
            ?? throw new MalformedMessageException($"Record type {type} has a value, which its schema does not know.");
        var version = CoordinatorRecordFrame.ReadValue(bytes, valueMessage);
        return new CoordinatorRecord(keyMessage, valueMessage, version);
    }
}
