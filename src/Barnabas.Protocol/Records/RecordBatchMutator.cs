using System.Buffers.Binary;
using static Barnabas.Protocol.Records.RecordBatchLayout;

namespace Barnabas.Protocol.Records;

/// <summary>
/// Changes header fields of a batch where it stands. Base offset and leader epoch lie outside the checksum and cost
/// nothing; the others compute it anew over the whole batch.
/// </summary>
public static class RecordBatchMutator
{
    /// <summary>Sets the offset of the first record; the others move with it.</summary>
    public static void SetBaseOffset(Span<byte> batch, long baseOffset) => BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);

    /// <summary>Sets the base offset so that the last record has <paramref name="lastOffset"/>.</summary>
    public static void SetLastOffset(Span<byte> batch, long lastOffset) =>
        SetBaseOffset(batch, lastOffset - BinaryPrimitives.ReadInt32BigEndian(batch[LastOffsetDeltaOffset..]));

    /// <summary>Sets the leader's epoch.</summary>
    public static void SetPartitionLeaderEpoch(Span<byte> batch, int epoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[PartitionLeaderEpochOffset..], epoch);

    /// <summary>
    /// Sets the timestamp type and the largest timestamp, and with them the checksum; does nothing when both are so
    /// already.
    /// </summary>
    public static void SetMaxTimestamp(Span<byte> batch, TimestampType timestampType, long maxTimestamp)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesOffset..]);
        var changed = (short)(timestampType == TimestampType.LogAppendTime ? attributes | LogAppendTimeFlag : attributes & ~LogAppendTimeFlag);
        if (changed == attributes && BinaryPrimitives.ReadInt64BigEndian(batch[MaxTimestampOffset..]) == maxTimestamp)
            return;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesOffset..], changed);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampOffset..], maxTimestamp);
        UpdateCrc(batch);
    }

    /// <summary>Sets the idempotent producer's fields, and with them the checksum.</summary>
    public static void SetProducerState(Span<byte> batch, long producerId, short producerEpoch, int baseSequence)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[ProducerIdOffset..], producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[ProducerEpochOffset..], producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BaseSequenceOffset..], baseSequence);
        UpdateCrc(batch);
    }

    /// <summary>Computes the checksum of the whole batch and stores it.</summary>
    public static void UpdateCrc(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcOffset..], Crc32C.Compute(batch[AttributesOffset..]));
}
