using Barnabas.Protocol.Compression;
using Barnabas.Protocol;
using Barnabas.Storage;

namespace Barnabas.Coordination.Runtime;

/// <summary>
/// The log of one partition of a coordinator's topic, as its leader sees it. Called from the shard's thread only.
/// Every member throws <see cref="KafkaException"/>: NOT_LEADER_OR_FOLLOWER when the leadership moved,
/// NOT_ENOUGH_REPLICAS, KAFKA_STORAGE_ERROR and so on as the log answers.
/// </summary>
public interface ICoordinatorPartition : IDisposable
{
    /// <summary>The largest batch the topic takes, in bytes.</summary>
    int MaxBatchBytes { get; }

    /// <summary>The first offset of the log.</summary>
    long LogStartOffset { get; }

    /// <summary>The offset the next record gets.</summary>
    long LogEndOffset { get; }

    /// <summary>The offset below which every record is committed.</summary>
    long HighWatermark { get; }

    /// <summary>The memory that records are decompressed into when the log is replayed.</summary>
    BufferPool Decompression { get; }

    /// <summary>Appends one record batch of this leader.</summary>
    /// <param name="batch">A record batch v2 with base offset 0; the log assigns offsets in place.</param>
    /// <param name="leaderEpoch">The epoch the shard was loaded in; an older one than the partition's is refused.</param>
    /// <param name="transaction">What is known of the transaction the batch belongs to, if it belongs to one.</param>
    /// <returns>The log end offset after the batch.</returns>
    long Append(Memory<byte> batch, int leaderEpoch, in TransactionAppend transaction = default);

    /// <summary>Reads whole batches from <paramref name="offset"/> on, up to the log end.</summary>
    /// <param name="offset">Where to start.</param>
    /// <param name="maxBytes">About how much; the first batch comes whatever its size.</param>
    /// <returns>The bytes, empty at the log end. Valid until disposed.</returns>
    CoordinatorLogSlice Read(long offset, int maxBytes);
}

/// <summary>Bytes read from a coordinator's log, with whoever owns them.</summary>
/// <param name="Batches">Whole record batches.</param>
/// <param name="Owner">What is disposed when the bytes are no longer used.</param>
public readonly record struct CoordinatorLogSlice(ReadOnlyMemory<byte> Batches, IDisposable? Owner) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Owner?.Dispose();
}

/// <summary>Where a coordinator finds the logs of its topic.</summary>
public interface ICoordinatorLogs
{
    /// <summary>Opens a partition this node leads.</summary>
    /// <param name="topicPartition">The partition.</param>
    /// <param name="onHighWatermark">Called, from any thread, with each new high watermark until the partition is disposed.</param>
    /// <exception cref="KafkaException">NOT_LEADER_OR_FOLLOWER if this node does not lead it, KAFKA_STORAGE_ERROR if its disk is offline.</exception>
    ICoordinatorPartition Open(TopicPartition topicPartition, Action<long> onHighWatermark);
}
