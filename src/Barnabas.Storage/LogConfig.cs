using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Storage;

/// <summary>
/// What a log needs of its topic's configuration; the names are the topic keys', sizes in bytes, times in milliseconds.
/// The defaults are Kafka 4.3's.
/// </summary>
public sealed record LogConfig
{
    /// <summary>Kafka's defaults.</summary>
    public static LogConfig Default { get; } = new();

    /// <summary><c>segment.bytes</c>.</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary><c>segment.ms</c>.</summary>
    public long SegmentMs { get; init; } = 7 * 24 * 3_600_000L;

    /// <summary><c>segment.jitter.ms</c>: up to so much earlier is a segment rolled, by chance.</summary>
    public long SegmentJitterMs { get; init; }

    /// <summary><c>segment.index.bytes</c>.</summary>
    public int SegmentIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>index.interval.bytes</c>.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>flush.messages</c>: unflushed records after which an append asks for a flush.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary><c>retention.bytes</c>; negative for no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>retention.ms</c>; negative for no limit.</summary>
    public long RetentionMs { get; init; } = 7 * 24 * 3_600_000L;

    /// <summary><c>file.delete.delay.ms</c>.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary><c>max.message.bytes</c>: the largest batch.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary><c>message.timestamp.type</c>.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary><c>message.timestamp.before.max.ms</c>.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary>Whether <c>cleanup.policy</c> holds <c>compact</c>.</summary>
    public bool Compact { get; init; }

    /// <summary>Whether <c>cleanup.policy</c> holds <c>delete</c>.</summary>
    public bool Delete { get; init; } = true;

    /// <summary><c>delete.retention.ms</c>: how long compaction keeps tombstones and transaction markers from when it first meets them.</summary>
    public long DeleteRetentionMs { get; init; } = 24 * 3_600_000L;

    /// <summary><c>min.cleanable.dirty.ratio</c>: the dirty share above which a log is compacted.</summary>
    public double MinCleanableRatio { get; init; } = 0.5;

    /// <summary><c>min.compaction.lag.ms</c>: records stay at least so long.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary><c>max.compaction.lag.ms</c>: records are compacted after so long, however few they are.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary><c>compression.type</c>; null for <c>producer</c>, that is as the producer sent it.</summary>
    public CompressionType? CompressionType { get; init; }

    /// <summary>The level for <see cref="CompressionType"/>; null for the codec's default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary><c>preallocate</c>: new segment files get their full size at once.</summary>
    public bool Preallocate { get; init; }
}
