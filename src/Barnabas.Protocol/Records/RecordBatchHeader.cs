using System.Buffers.Binary;
using Barnabas.Protocol.Compression;
using static Barnabas.Protocol.Records.RecordBatchLayout;

namespace Barnabas.Protocol.Records;

/// <summary>The header of a batch, to be written before its records. Unset numbers that mean "none" are -1.</summary>
public readonly record struct RecordBatchHeader()
{
    /// <summary>The offset of the first record.</summary>
    public long BaseOffset { get; init; }

    /// <summary>The leader's epoch, or -1.</summary>
    public int PartitionLeaderEpoch { get; init; } = NoPartitionLeaderEpoch;

    /// <summary>The codec of the records.</summary>
    public CompressionType Compression { get; init; }

    /// <summary>Who set the timestamps.</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary>Whether the batch belongs to a transaction.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>Whether the records are control records.</summary>
    public bool IsControl { get; init; }

    /// <summary>Whether <see cref="BaseTimestamp"/> is a delete horizon.</summary>
    public bool HasDeleteHorizon { get; init; }

    /// <summary>The last offset, counted from the base offset.</summary>
    public int LastOffsetDelta { get; init; }

    /// <summary>What timestamps are counted from, in milliseconds since 1970, or -1.</summary>
    public long BaseTimestamp { get; init; } = NoTimestamp;

    /// <summary>The largest timestamp, in milliseconds since 1970, or -1.</summary>
    public long MaxTimestamp { get; init; } = NoTimestamp;

    /// <summary>The idempotent producer's id, or -1.</summary>
    public long ProducerId { get; init; } = NoProducerId;

    /// <summary>The idempotent producer's epoch, or -1.</summary>
    public short ProducerEpoch { get; init; } = NoProducerEpoch;

    /// <summary>The sequence number of the first record, or -1.</summary>
    public int BaseSequence { get; init; } = NoSequence;

    /// <summary>How many records follow.</summary>
    public int RecordCount { get; init; }

    /// <summary>
    /// Writes the header over the first <see cref="HeaderBytes"/> of <paramref name="batch"/>, which is the whole
    /// batch with its records in place: its length and checksum go into the header.
    /// </summary>
    public void Write(Span<byte> batch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LengthOffset..], batch.Length - LogOverheadBytes);
        BinaryPrimitives.WriteInt32BigEndian(batch[PartitionLeaderEpochOffset..], PartitionLeaderEpoch);
        batch[MagicOffset] = (byte)CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesOffset..], Attributes());
        BinaryPrimitives.WriteInt32BigEndian(batch[LastOffsetDeltaOffset..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseTimestampOffset..], BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampOffset..], MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[ProducerIdOffset..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[ProducerEpochOffset..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BaseSequenceOffset..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordCountOffset..], RecordCount);
        RecordBatchMutator.UpdateCrc(batch);
    }

    private short Attributes() => (short)((int)Compression
        | (TimestampType == TimestampType.LogAppendTime ? LogAppendTimeFlag : 0)
        | (IsTransactional ? TransactionalFlag : 0)
        | (IsControl ? ControlFlag : 0)
        | (HasDeleteHorizon ? DeleteHorizonFlag : 0));
}
