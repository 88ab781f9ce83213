namespace Barnabas.Raft.Log;

/// <summary>
/// The replicated log of the metadata as the driver needs it. Used from the raft thread only; a failing disk throws
/// <see cref="IOException"/>, after which the node cannot go on.
/// </summary>
internal interface IRaftLog : IDisposable
{
    /// <summary>The first offset that the log still has.</summary>
    long StartOffset { get; }

    /// <summary>The offset that the next record gets.</summary>
    long EndOffset { get; }

    /// <summary>The epoch of the last record, 0 for an empty log.</summary>
    int LastEpoch { get; }

    /// <summary>The largest epoch not above the given one and where it ends; null when the log knows none.</summary>
    OffsetAndEpoch? EndOffsetFor(int epoch);

    /// <summary>The size of all segments in bytes.</summary>
    long SizeInBytes { get; }

    /// <summary>Appends whole batches whose offsets follow <see cref="EndOffset"/>.</summary>
    void Append(Memory<byte> batches, int epoch);

    /// <summary>Makes everything appended durable.</summary>
    void Flush();

    /// <summary>Reads whole batches from an offset on, at least one when there is any; empty at the end.</summary>
    ReadOnlyMemory<byte> Read(long offset, int maxBytes);

    /// <summary>Tells how far records are committed: nothing above may be dropped.</summary>
    void UpdateHighWatermark(long offset);

    /// <summary>Drops whole segments below the offset, which a snapshot covers.</summary>
    void DeleteBefore(long offset);

    /// <summary>Drops everything, since a snapshot is ahead of the log.</summary>
    void TruncateFullyAndStartAt(long offset);
}
