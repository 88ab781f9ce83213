using Barnabas.Protocol;
using Barnabas.Storage;

namespace Barnabas.Raft.Log;

/// <summary>The metadata log in Kafka's segment files.</summary>
internal sealed class UnifiedRaftLog : IRaftLog
{
    /// <summary>The topic id of <c>__cluster_metadata</c>, the same in every cluster.</summary>
    private static readonly Uuid TopicId = Uuid.One;

    private readonly UnifiedLog _log;

    private UnifiedRaftLog(UnifiedLog log) => _log = log;

    public long StartOffset => _log.LogStartOffset;

    public long EndOffset => _log.LogEndOffset;

    public int LastEpoch => _log.LatestEpoch ?? 0;

    public OffsetAndEpoch? EndOffsetFor(int epoch) =>
        _log.EndOffsetForEpoch(epoch) is { Offset: >= 0 } end ? new OffsetAndEpoch(end.Offset, end.Epoch) : null;

    public long SizeInBytes => _log.SizeInBytes;

    /// <summary>Opens the log, creating it when it is not there; a torn end is cut off.</summary>
    internal static UnifiedRaftLog Open(LogServices services, LogDirectoryState logDirectory, string directory, MetadataLogConfig config)
    {
        var logConfig = new LogConfig
        {
            SegmentBytes = config.SegmentBytes,
            SegmentMs = config.SegmentMs,
            MaxMessageBytes = MetadataLogConfig.MaxBatchBytes,
            // Retention follows snapshots alone: see RaftDriver.
            RetentionBytes = -1,
            RetentionMs = -1,
            FileDeleteDelayMs = 60_000,
        };
        // Always checked from its beginning: the log is small, and nothing but it says what was acknowledged.
        return new UnifiedRaftLog(UnifiedLog.Open(
            services, logDirectory, directory, new TopicPartition("__cluster_metadata", 0), TopicId, logConfig, new LogOpenOptions()));
    }

    public void Append(Memory<byte> batches, int epoch) => _log.AppendAsLeader(batches, epoch, AppendOrigin.RaftLeader);

    public void Flush() => _log.Flush();

    public ReadOnlyMemory<byte> Read(long offset, int maxBytes)
    {
        if (offset >= EndOffset) return default;
        using var data = _log.Read(offset, maxBytes, FetchIsolation.LogEnd, minOneMessage: true);
        // The buffer goes back to its pool; what listeners keep must outlive it.
        return data.Records.ToArray();
    }

    public void UpdateHighWatermark(long offset) => _log.UpdateHighWatermark(offset);

    public void DeleteBefore(long offset)
    {
        _log.MaybeIncrementLogStartOffset(offset, "snapshot generated");
        _log.DeleteOldSegments();
    }

    public void TruncateFullyAndStartAt(long offset) => _log.TruncateFullyAndStartAt(offset);

    public void Dispose()
    {
        _log.Close();
        _log.Dispose();
    }
}
