using System.Buffers.Binary;
using Barnabas.Protocol.Compression;
using static Barnabas.Protocol.Records.RecordBatchLayout;

namespace Barnabas.Protocol.Records;

/// <summary>
/// A view over the bytes of one record batch v2. Owns nothing: it is good as long as the memory it was made from. All
/// fields are read where they stand.
/// </summary>
public readonly struct RecordBatch
{
    /// <summary>A view over exactly one batch.</summary>
    /// <exception cref="CorruptRecordException">The memory is not exactly one batch by its own length field, or the magic is unknown.</exception>
    /// <exception cref="UnsupportedForMessageFormatException">It is a message of magic 0 or 1.</exception>
    public RecordBatch(ReadOnlyMemory<byte> bytes)
    {
        if (!RecordBatches.TryReadSize(bytes.Span, int.MaxValue, out var sizeBytes) || sizeBytes != bytes.Length)
            throw new CorruptRecordException($"Record batch is corrupt (the memory has {bytes.Length} bytes, the batch says {sizeBytes})");
        RecordBatches.RequireCurrentMagic(bytes.Span);
        RequireHeader(sizeBytes);
        Bytes = bytes;
    }

    // For enumerators, which have checked size and magic.
    private RecordBatch(ReadOnlyMemory<byte> bytes, bool _) => Bytes = bytes;

    /// <summary>All bytes of the batch.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The offset of the first record as it was appended; compaction may have removed that record since.</summary>
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span);

    /// <summary>The offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The offset after the last record.</summary>
    public long NextOffset => LastOffset + 1;

    /// <summary>The last offset, counted from the base offset.</summary>
    public int LastOffsetDelta => ReadInt32(LastOffsetDeltaOffset);

    /// <summary>The size of the whole batch.</summary>
    public int SizeInBytes => Bytes.Length;

    /// <summary>The epoch of the leader that appended the batch, or -1.</summary>
    public int PartitionLeaderEpoch => ReadInt32(PartitionLeaderEpochOffset);

    /// <summary>Always 2.</summary>
    public sbyte Magic => (sbyte)Bytes.Span[MagicOffset];

    /// <summary>The stored CRC-32C of everything from the attributes on.</summary>
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(Bytes.Span[CrcOffset..]);

    /// <summary>The attribute bits.</summary>
    public short Attributes => ReadInt16(AttributesOffset);

    /// <summary>The codec of the records; may be a number that no codec has.</summary>
    public CompressionType Compression => (CompressionType)(Attributes & CompressionMask);

    /// <summary>Who set the timestamps.</summary>
    public TimestampType TimestampType => (Attributes & LogAppendTimeFlag) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>Whether the batch belongs to a transaction.</summary>
    public bool IsTransactional => (Attributes & TransactionalFlag) != 0;

    /// <summary>Whether the batch holds control records, which consumers never see.</summary>
    public bool IsControl => (Attributes & ControlFlag) != 0;

    /// <summary>Whether <see cref="BaseTimestamp"/> is a delete horizon instead (KIP-534).</summary>
    public bool HasDeleteHorizon => (Attributes & DeleteHorizonFlag) != 0;

    /// <summary>When compaction may remove tombstones of the batch, in milliseconds since 1970; null when none is set.</summary>
    public long? DeleteHorizonMs => HasDeleteHorizon ? BaseTimestamp : null;

    /// <summary>What the records' timestamps are counted from, in milliseconds since 1970, or -1.</summary>
    public long BaseTimestamp => ReadInt64(BaseTimestampOffset);

    /// <summary>The largest timestamp, in milliseconds since 1970, or -1.</summary>
    public long MaxTimestamp => ReadInt64(MaxTimestampOffset);

    /// <summary>The idempotent producer's id, or -1.</summary>
    public long ProducerId => ReadInt64(ProducerIdOffset);

    /// <summary>The idempotent producer's epoch, or -1.</summary>
    public short ProducerEpoch => ReadInt16(ProducerEpochOffset);

    /// <summary>Whether an idempotent producer wrote it.</summary>
    public bool HasProducerId => ProducerId > NoProducerId;

    /// <summary>The sequence number of the first record, or -1.</summary>
    public int BaseSequence => ReadInt32(BaseSequenceOffset);

    /// <summary>The sequence number of the last record, or -1.</summary>
    public int LastSequence => BaseSequence == NoSequence ? NoSequence : IncrementSequence(BaseSequence, LastOffsetDelta);

    /// <summary>How many records the header says the batch has; negative only in corrupt ones.</summary>
    public int RecordCount => ReadInt32(RecordCountOffset);

    /// <summary>The bytes after the header: the records, compressed when <see cref="Compression"/> says so.</summary>
    public ReadOnlyMemory<byte> Payload => Bytes[HeaderBytes..];

    /// <summary>The CRC-32C that the batch's bytes have.</summary>
    public uint ComputeCrc() => Crc32C.Compute(Bytes.Span[AttributesOffset..]);

    /// <summary>Whether the stored checksum matches the bytes.</summary>
    public bool IsValidCrc() => Crc == ComputeCrc();

    /// <summary>Checks the checksum.</summary>
    /// <exception cref="CorruptRecordException">It does not match.</exception>
    public void EnsureValid()
    {
        var computed = ComputeCrc();
        if (Crc != computed)
            throw new CorruptRecordException($"Record is corrupt (stored crc = {Crc}, computed crc = {computed})");
    }

    /// <summary>
    /// The records, decompressed once into memory of <paramref name="pool"/> (<see cref="BufferPool.Shared"/> when
    /// null), which goes back when the enumerator is disposed: keys, values and headers are good until then.
    /// </summary>
    public RecordEnumerable Records(BufferPool? pool = null) => new(this, pool ?? BufferPool.Shared);

    internal static RecordBatch Checked(ReadOnlyMemory<byte> bytes)
    {
        RequireHeader(bytes.Length);
        return new RecordBatch(bytes, true);
    }

    private static void RequireHeader(int sizeBytes)
    {
        if (sizeBytes < HeaderBytes)
        {
            throw new CorruptRecordException(
                $"Record batch is corrupt (the size {sizeBytes} is smaller than the minimum allowed overhead {HeaderBytes})");
        }
    }

    private short ReadInt16(int offset) => BinaryPrimitives.ReadInt16BigEndian(Bytes.Span[offset..]);

    private int ReadInt32(int offset) => BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[offset..]);

    private long ReadInt64(int offset) => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span[offset..]);
}
