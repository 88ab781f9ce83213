namespace Barnabas.Storage.Segments;

internal sealed partial class LogSegment
{
    /// <summary>The timestamp of the first batch; null in an empty segment.</summary>
    public long? FirstBatchTimestamp => Size == 0 ? null : _firstBatchTimestamp ??= ReadFirstBatchTimestamp();

    /// <summary>Ends the writing of an output of compaction: durable, as old as the youngest of its sources.</summary>
    public void FinishCleaned(long lastModifiedMs)
    {
        BecomeInactive();
        FlushAll();
        _lastModifiedMs = lastModifiedMs;
    }

    /// <summary>Deletes files that an earlier attempt left under the same names.</summary>
    public void DeleteLeftovers()
    {
        foreach (var suffix in new[] { LogFileNames.LogSuffix, LogFileNames.IndexSuffix, LogFileNames.TimeIndexSuffix, LogFileNames.TxnIndexSuffix })
            _disk.DeleteFile(NameOf(suffix));
    }

    /// <summary>Gives an output of compaction up that did not become part of its log.</summary>
    public void DeleteUnlessSwapped()
    {
        if (Suffix != LogFileNames.CleanedSuffix)
            return;
        try
        {
            Delete();
        }
        catch (IOException)
        {
            // The folder was renamed or the disk failed: a start removes what carries this suffix.
            Dispose();
        }
    }
}
