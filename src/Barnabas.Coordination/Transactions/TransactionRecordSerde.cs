using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Transactions;

/// <summary>Reads the records of <c>__transaction_state</c>.</summary>
public sealed class TransactionRecordSerde : ICoordinatorRecordSerde
{
    /// <inheritdoc/>
    public CoordinatorRecord? Deserialize(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        var type = CoordinatorRecordFrame.ReadType(key);
        if (TransactionRecordCatalog.NewKey(type) is not { } keyMessage)
            return null;

        CoordinatorRecordFrame.ReadKey(key, keyMessage);
        if (value is not { } bytes)
            return CoordinatorRecord.Tombstone(keyMessage);

        var valueMessage = TransactionRecordCatalog.NewValue(type)
            ?? throw new MalformedMessageException($"Record type {type} has a value, which its schema does not know.");
        var version = CoordinatorRecordFrame.ReadValue(bytes, valueMessage);
        return new CoordinatorRecord(keyMessage, valueMessage, version);
    }
}
