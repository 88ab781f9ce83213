using System.Buffers.Binary;

namespace Barnabas.Protocol.Records;

/// <summary>The control record that ends a producer's transaction in a partition.</summary>
/// <param name="IsCommit">Whether the transaction's records count.</param>
/// <param name="CoordinatorEpoch">The epoch of the transaction coordinator that wrote it.</param>
public readonly record struct EndTransactionMarker(bool IsCommit, int CoordinatorEpoch)
{
    private const short ValueVersion = 0;
    private const int ValueBytes = 6;

    /// <summary>The type in the record's key.</summary>
    public ControlRecordType Type => IsCommit ? ControlRecordType.Commit : ControlRecordType.Abort;

    /// <summary>Reads the marker from a control record.</summary>
    /// <exception cref="InvalidRecordException">It is another control record, or malformed.</exception>
    public static EndTransactionMarker Read(in RecordView record)
    {
        var type = ControlRecords.ReadType(record.KeyBytes.Span);
        if (type is not (ControlRecordType.Commit or ControlRecordType.Abort))
            throw new InvalidRecordException($"Invalid control record type for end transaction marker: {type}");
        var value = record.ValueBytes.Span;
        if (value.Length < ValueBytes)
        {
            throw new InvalidRecordException(
                $"Invalid value size found for end transaction marker. Must have at least {ValueBytes} bytes, but found only {value.Length}");
        }
        var version = BinaryPrimitives.ReadInt16BigEndian(value);
        if (version < 0)
            throw new InvalidRecordException($"Invalid version found for end transaction marker: {version}. May indicate data corruption");
        return new EndTransactionMarker(type == ControlRecordType.Commit, BinaryPrimitives.ReadInt32BigEndian(value[2..]));
    }

    /// <summary>A batch of this marker alone.</summary>
    /// <param name="baseOffset">The marker's offset.</param>
    /// <param name="timestamp">In milliseconds since 1970.</param>
    /// <param name="partitionLeaderEpoch">The leader's epoch, or -1.</param>
    /// <param name="producerId">Whose transaction ends.</param>
    /// <param name="producerEpoch">The epoch of the producer.</param>
    public byte[] BuildBatch(long baseOffset, long timestamp, int partitionLeaderEpoch, long producerId, short producerEpoch)
    {
        var value = new byte[ValueBytes];
        BinaryPrimitives.WriteInt16BigEndian(value, ValueVersion);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(2), CoordinatorEpoch);
        return ControlRecords.Build(Type, value, timestamp, new RecordBatchOptions
        {
            BaseOffset = baseOffset,
            PartitionLeaderEpoch = partitionLeaderEpoch,
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            IsTransactional = true,
            IsControl = true,
        });
    }
}
