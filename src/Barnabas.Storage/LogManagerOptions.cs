using Barnabas.Storage.Compaction;

namespace Barnabas.Storage;

/// <summary>How a node keeps its logs; the names are the broker keys'.</summary>
public sealed record LogManagerOptions
{
    /// <summary><c>log.dirs</c>.</summary>
    public required IReadOnlyList<string> LogDirs { get; init; }

    /// <summary>Settings of logs whose topic has none.</summary>
    public LogConfig DefaultConfig { get; init; } = LogConfig.Default;

    /// <summary><c>num.recovery.threads.per.data.dir</c>; 0 loads on the caller's thread.</summary>
    public int RecoveryThreadsPerDataDir { get; init; } = 2;

    /// <summary>How logs are compacted.</summary>
    public LogCleanerOptions Cleaner { get; init; } = new();

    /// <summary>Milliseconds from start-up to the first run of each schedule (<c>log.initial.task.delay.ms</c>).</summary>
    public long InitialTaskDelayMs { get; init; } = 30_000;

    /// <summary><c>log.retention.check.interval.ms</c>.</summary>
    public long RetentionCheckIntervalMs { get; init; } = 300_000;

    /// <summary><c>log.flush.scheduler.interval.ms</c>; <see cref="long.MaxValue"/> for never.</summary>
    public long FlushSchedulerIntervalMs { get; init; } = long.MaxValue;

    /// <summary><c>log.flush.offset.checkpoint.interval.ms</c>.</summary>
    public long FlushOffsetCheckpointIntervalMs { get; init; } = 60_000;

    /// <summary><c>log.flush.start.offset.checkpoint.interval.ms</c>.</summary>
    public long FlushStartOffsetCheckpointIntervalMs { get; init; } = 60_000;

    /// <summary><c>replica.high.watermark.checkpoint.interval.ms</c>.</summary>
    public long HighWatermarkCheckpointIntervalMs { get; init; } = 5_000;

    /// <summary><c>producer.id.expiration.check.interval.ms</c>.</summary>
    public long ProducerIdExpirationCheckIntervalMs { get; init; } = 600_000;
}
