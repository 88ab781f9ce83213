using Barnabas.Storage.Epochs;
using Barnabas.Storage.Indexes;
using Barnabas.Storage.Producers;

namespace Barnabas.Storage.Segments;

internal sealed partial class LogSegment
{
    /// <summary>
    /// Checks every batch of the segment, rebuilds the indexes from them and cuts the file after the last valid one.
    /// Aborted transactions are indexed by the replay of producer state that follows.
    /// </summary>
    /// <param name="gapsAllowedBelow">Compaction may have left gaps between offsets below this one.</param>
    /// <param name="epochs">Learns the epochs of the batches.</param>
    /// <param name="config">The log's configuration.</param>
    /// <param name="stopping">Ends the work early.</param>
    /// <returns>The offset after the last valid batch and the bytes that were cut off.</returns>
    public (long NextOffset, int TruncatedBytes) Recover(long gapsAllowedBelow, LeaderEpochFileCache epochs, LogConfig config, CancellationToken stopping)
    {
        ResetIndexes();
        Transactions.Reset();
        var valid = 0;
        var next = BaseOffset;
        var length = Size;
        using (var scanner = Scan())
        {
            while (scanner.MoveNext())
            {
                stopping.ThrowIfCancellationRequested();
                var header = scanner.Header;
                var baseOffset = header.BaseOffset;
                if (baseOffset < next || (baseOffset > next && next >= gapsAllowedBelow) || !Offsets.CanAppendOffset(header.LastOffset))
                    break;
                if (!scanner.IsCrcValid())
                    break;
                header = scanner.Header;
                NoteAppended(header, (int)scanner.Position, config.IndexIntervalBytes);
                if (header.PartitionLeaderEpoch >= 0 && !(epochs.LatestEpoch >= header.PartitionLeaderEpoch))
                    epochs.Assign(header.PartitionLeaderEpoch, baseOffset);
                next = header.NextOffset;
                valid = (int)scanner.NextPosition;
            }
        }

        var file = LogFile();
        if (file.Length != valid)
        {
            file.SetLength(valid);
            // Were the cut lost in a crash, bytes from before it would stand behind newer ones.
            file.Flush();
        }

        Volatile.Write(ref _size, valid);
        Times.MaybeAppend(MaxTimestamp.Timestamp, MaxTimestamp.Offset, closing: true);
        return (next, length - valid);
    }

    /// <summary>
    /// Writes both indexes anew, durably, from the heads of the batches, which are known to be sound. The offset index gets
    /// its name last: a crash in between leaves none, upon which the next start writes both anew.
    /// </summary>
    public void RebuildIndexes(LogConfig config)
    {
        var path = Offsets.Path;
        Offsets.MovedTo(path + ".tmp");
        _disk.DeleteFile(path);
        _disk.FlushDirectory(Directory);
        ResetIndexes();
        using (var scanner = Scan())
        {
            while (scanner.MoveNext())
                NoteAppended(scanner.Header, (int)scanner.Position, config.IndexIntervalBytes);
        }

        BecomeInactive();
        FlushAll();
        Offsets.Rename(path);
        _disk.FlushDirectory(Directory);
    }

    /// <summary>Brings producer state and this segment's transaction index forward by the scanner's batch.</summary>
    public void Replay(ProducerStateManager producers, BatchScanner scanner, TimeProvider time)
    {
        var header = scanner.Header;
        if (header.HasProducerId)
        {
            var completed = header.IsControl
                ? producers.ReplayControl(scanner.ReadBatch())
                : producers.ReplayData(header);
            if (completed is { } transaction)
            {
                if (transaction.IsAborted && !Transactions.Contains(transaction.LastOffset))
                    Transactions.Append(transaction.ToIndexEntry(producers.LastStableOffset(transaction)));
                producers.CompleteTransaction(transaction);
            }
        }

        producers.MapEndOffset = scanner.Header.NextOffset;
    }

    /// <summary>Cuts away the batches at and above the offset, and what the indexes say of them.</summary>
    /// <returns>The bytes cut off.</returns>
    public int TruncateTo(long offset, LogConfig config)
    {
        var end = Size;
        var location = FindBatch(offset, end);
        if (location is null)
            return 0;
        var position = location.Value.Position;
        var file = LogFile();
        Offsets.BecomeActive(config.SegmentIndexBytes);
        Times.BecomeActive(config.SegmentIndexBytes);
        Offsets.TruncateTo(location.Value.Offset);
        Times.TruncateTo(location.Value.Offset);
        Transactions.TruncateTo(location.Value.Offset);
        _hint = null;
        Volatile.Write(ref _size, position);
        file.SetLength(position);
        _reserved = 0;
        file.Flush();
        IsFullyFlushed = false;
        _bytesSinceIndexEntry = 0;
        _firstBatchTimestamp = null;
        _maxTimestamp = null;
        LoadLargestTimestamp();
        return end - position;
    }

    private void ResetIndexes()
    {
        Offsets.Reset();
        Times.Reset();
        _maxTimestamp = TimestampOffset.Unknown with { Offset = BaseOffset };
        _firstBatchTimestamp = null;
        _bytesSinceIndexEntry = 0;
        _hint = null;
    }
}
