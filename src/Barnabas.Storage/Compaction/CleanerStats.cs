namespace Barnabas.Storage.Compaction;

/// <summary>What one run of compaction did.</summary>
internal sealed class CleanerStats
{
    public long BytesRead { get; set; }

    public long BytesWritten { get; set; }

    public long RecordsRead { get; set; }

    public long RecordsKept { get; set; }

    /// <summary>How full the key map was, in percent.</summary>
    public double BufferUtilization { get; set; }
}
