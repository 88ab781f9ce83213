using Barnabas.Protocol.Records;
using Barnabas.Storage.Epochs;
using Barnabas.Storage.Indexes;
using Barnabas.Storage.Producers;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

/// <summary>What a look-up by time found.</summary>
/// <param name="Timestamp">The record's timestamp in Unix milliseconds; -1 for the ends of the log.</param>
/// <param name="Offset">The record's offset.</param>
/// <param name="LeaderEpoch">The leader epoch of its batch; -1 when unknown.</param>
public readonly record struct TimestampedOffset(long Timestamp, long Offset, int LeaderEpoch);

/// <summary>A producer as DescribeProducers shows it.</summary>
/// <param name="ProducerId">The producer.</param>
/// <param name="ProducerEpoch">Its epoch.</param>
/// <param name="LastSequence">Its last sequence number; -1 without any.</param>
/// <param name="LastTimestamp">The timestamp of its last batch in Unix milliseconds.</param>
/// <param name="CoordinatorEpoch">The epoch of the coordinator that wrote its last marker; -1 without any.</param>
/// <param name="CurrentTransactionStartOffset">The first offset of its open transaction; -1 without one.</param>
public readonly record struct ActiveProducer(
    long ProducerId, short ProducerEpoch, int LastSequence, long LastTimestamp, int CoordinatorEpoch, long CurrentTransactionStartOffset);

public sealed partial class UnifiedLog
{
    /// <summary>ListOffsets: the log's end.</summary>
    public const long LatestTimestamp = -1;

    /// <summary>ListOffsets: the log start offset.</summary>
    public const long EarliestTimestamp = -2;

    /// <summary>ListOffsets: the record with the largest timestamp (KIP-734).</summary>
    public const long MaxTimestamp = -3;

    /// <summary>ListOffsets: the first offset on local disk (KIP-405), here the log start offset.</summary>
    public const long EarliestLocalTimestamp = -4;

    /// <summary>
    /// The first record at or after the timestamp, or what one of the special timestamps asks for; null when there is no
    /// such record.
    /// </summary>
    /// <exception cref="KafkaStorageException">The disk failed.</exception>
    public TimestampedOffset? FetchOffsetByTimestamp(long timestamp)
    {
        LogDirectory.EnsureOnline();
        try
        {
            return timestamp switch
            {
                LatestTimestamp => new TimestampedOffset(-1, LogEndOffset, _epochs.LatestEpoch ?? -1),
                EarliestTimestamp or EarliestLocalTimestamp => EarliestOffset(),
                MaxTimestamp => OffsetOfMaxTimestamp(),
                < 0 => null,
                _ => FirstAtOrAfter(timestamp),
            };
        }
        catch (IOException e)
        {
            throw Failed("looking up a timestamp in", e);
        }
    }

    /// <summary>The largest known epoch not above the asked one and its end offset; (-1, -1) when unknown.</summary>
    public OffsetAndEpoch EndOffsetForEpoch(int leaderEpoch) => _epochs.EndOffsetFor(leaderEpoch, LogEndOffset);

    /// <summary>The epoch an offset was written in; null when unknown.</summary>
    public int? EpochForOffset(long offset) => _epochs.EpochForOffset(offset);

    /// <summary>Notes that a leader epoch begins at an offset, as a new leader does with its log end offset.</summary>
    public void AssignEpochStartOffset(int leaderEpoch, long startOffset) => _epochs.Assign(leaderEpoch, startOffset);

    /// <summary>The producers known to the log.</summary>
    public IReadOnlyList<ActiveProducer> ActiveProducers()
    {
        lock (_lock)
        {
            return _producers.Producers.Select(static p => new ActiveProducer(
                p.ProducerId, p.ProducerEpoch, p.LastSequence, p.LastTimestamp, p.CoordinatorEpoch, p.CurrentTransactionFirstOffset)).ToArray();
        }
    }

    /// <summary>Forgets producers that were idle longer than <c>producer.id.expiration.ms</c>.</summary>
    public void RemoveExpiredProducers()
    {
        lock (_lock)
            _producers.RemoveExpired(_services.NowMs);
    }

    private TimestampedOffset EarliestOffset()
    {
        var start = LogStartOffset;
        return new TimestampedOffset(-1, start, _epochs.EpochForOffset(start) ?? -1);
    }

    private TimestampedOffset? OffsetOfMaxTimestamp()
    {
        LogSegment? holder = null;
        foreach (var segment in Segments)
        {
            if (segment.MaxTimestamp.Timestamp > (holder?.MaxTimestamp.Timestamp ?? -1))
                holder = segment;
        }

        return holder is null ? null : FindIn(holder, holder.MaxTimestamp.Timestamp);
    }

    private TimestampedOffset? FirstAtOrAfter(long timestamp)
    {
        foreach (var segment in Segments)
        {
            if (segment.MaxTimestamp.Timestamp >= timestamp && FindIn(segment, timestamp) is { } found)
                return found;
        }

        return null;
    }

    private TimestampedOffset? FindIn(LogSegment segment, long timestamp)
    {
        var start = LogStartOffset;
        var indexed = segment.Times.Lookup(timestamp);
        using var scanner = segment.Scan(segment.Offsets.Lookup(Math.Max(indexed.Offset, start)).Position);
        while (scanner.MoveNext())
        {
            var header = scanner.Header;
            if (header.MaxTimestamp < timestamp || header.LastOffset < start)
                continue;
            var batch = new RecordBatch(scanner.ReadBatch());
            foreach (ref readonly var record in batch.Records(_services.Decompression))
            {
                if (record.Timestamp >= timestamp && record.Offset >= start)
                    return new TimestampedOffset(record.Timestamp, record.Offset, batch.PartitionLeaderEpoch);
            }
        }

        return null;
    }
}
