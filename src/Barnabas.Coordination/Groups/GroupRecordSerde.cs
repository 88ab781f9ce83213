using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

/// <summary>Reads the records of <c>__consumer_offsets</c>, those of protocols this node does not run included.</summary>
public sealed class GroupRecordSerde : ICoordinatorRecordSerde
{
    /// <inheritdoc/>
    public CoordinatorRecord? Deserialize(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        var type = CoordinatorRecordFrame.ReadType(key);
        if (GroupRecordCatalog.NewKey(type) is not { } keyMessage)
            return null;

        CoordinatorRecordFrame.ReadKey(key, keyMessage);

        // The same fields under an older number; Kafka, too, reads both as one.
        if (keyMessage is LegacyOffsetCommitKey legacy)
            keyMessage = new OffsetCommitKey { Group = legacy.Group, Topic = legacy.Topic, Partition = legacy.Partition };
        if (value is not { } bytes)
            return CoordinatorRecord.Tombstone(keyMessage);

        var valueMessage = GroupRecordCatalog.NewValue(keyMessage.RecordType)
            ?? throw new MalformedMessageException($"Record type {type} has a value, which its schema does not know.");
        var version = CoordinatorRecordFrame.ReadValue(bytes, valueMessage);
        return new CoordinatorRecord(keyMessage, valueMessage, version);
    }
}
