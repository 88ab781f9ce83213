using Barnabas.Protocol.Compression;

namespace Barnabas.Protocol.Records;

/// <summary>What stands in the header of a batch to be built. One instance may serve many batches.</summary>
public sealed record RecordBatchOptions
{
    /// <summary>An uncompressed batch at offset 0 with create times and no producer.</summary>
    public static RecordBatchOptions Default { get; } = new();

    /// <summary>The offset of the first record. Producers leave 0: the broker sets it.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Compresses the records when the batch is built.</summary>
    public ICompressionCodec Codec { get; init; } = CompressionCodecs.Get(CompressionType.None);

    /// <summary>Who sets the timestamps.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary>The batch's timestamp with <see cref="TimestampType.LogAppendTime"/>, in milliseconds since 1970.</summary>
    public long LogAppendTime { get; init; } = RecordBatchLayout.NoTimestamp;

    /// <summary>The idempotent producer's id, or -1.</summary>
    public long ProducerId { get; init; } = RecordBatchLayout.NoProducerId;

    /// <summary>The idempotent producer's epoch, or -1.</summary>
    public short ProducerEpoch { get; init; } = RecordBatchLayout.NoProducerEpoch;

    /// <summary>The sequence number of the first record, or -1.</summary>
    public int BaseSequence { get; init; } = RecordBatchLayout.NoSequence;

    /// <summary>Whether the batch belongs to a transaction.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>Whether the records are control records.</summary>
    public bool IsControl { get; init; }

    /// <summary>The leader's epoch, or -1. Producers leave -1: the broker sets it.</summary>
    public int PartitionLeaderEpoch { get; init; } = RecordBatchLayout.NoPartitionLeaderEpoch;

    /// <summary>When compaction may remove the batch's tombstones (KIP-534), in milliseconds since 1970, or -1.</summary>
    public long DeleteHorizonMs { get; init; } = RecordBatchLayout.NoTimestamp;

    /// <summary>The most bytes the batch may have before compression.</summary>
    public int MaxUncompressedBytes { get; init; } = BufferPool.DefaultMaxDecompressedBytes;
}
