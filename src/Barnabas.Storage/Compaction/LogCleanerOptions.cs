namespace Barnabas.Storage.Compaction;

/// <summary>How logs are compacted; the names are the broker keys'. All but <see cref="IsEnabled"/> may change at run time.</summary>
public sealed record LogCleanerOptions
{
    /// <summary><c>log.cleaner.enable</c>.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary><c>log.cleaner.threads</c>.</summary>
    public int Threads { get; init; } = 1;

    /// <summary><c>log.cleaner.dedupe.buffer.size</c>: bytes for the key maps of all threads together.</summary>
    public long DedupeBufferSize { get; init; } = 128L * 1024 * 1024;

    /// <summary><c>log.cleaner.io.buffer.load.factor</c>.</summary>
    public double DedupeBufferLoadFactor { get; init; } = 0.9;

    /// <summary><c>log.cleaner.io.buffer.size</c>: bytes for reading and writing of all threads together.</summary>
    public int IoBufferSize { get; init; } = 512 * 1024;

    /// <summary><c>log.cleaner.io.max.bytes.per.second</c>, read and written together.</summary>
    public double MaxIoBytesPerSecond { get; init; } = double.MaxValue;

    /// <summary><c>log.cleaner.backoff.ms</c>: how often to look for a log worth it.</summary>
    public long BackoffMs { get; init; } = 15_000;
}
