using System.Text;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Tests.Compaction;

/// <summary>Writes records with keys and reads what a consumer would see.</summary>
internal static class KeyedLog
{
    public static Memory<byte> Batch(long timestamp, params (string? Key, string? Value)[] records) => Batch(RecordBatchOptions.Default, timestamp, records);

    public static Memory<byte> Batch(RecordBatchOptions options, long timestamp, params (string? Key, string? Value)[] records)
    {
        using var builder = new RecordBatchBuilder(options);
        foreach (var (key, value) in records)
            builder.Append(timestamp, Bytes(key), Bytes(value));
        return builder.Build().ToArray();
    }

    public static void Append(UnifiedLog log, Memory<byte> batch, AppendOrigin origin = AppendOrigin.Client)
    {
        log.AppendAsLeader(batch, 0, origin);
        log.UpdateHighWatermark(log.LogEndOffset);
    }

    /// <summary>All batches, in the order of the segments.</summary>
    public static List<byte[]> Batches(UnifiedLog log)
    {
        var batches = new List<byte[]>();
        foreach (var segment in log.Segments)
        {
            using var scanner = segment.Scan();
            while (scanner.MoveNext())
                batches.Add(scanner.ReadBatch().ToArray());
        }
        return batches;
    }

    /// <summary>Records as <c>offset:key=value</c>, a tombstone as <c>offset:key</c>; markers as <c>offset:commit</c> and <c>offset:abort</c>.</summary>
    public static List<string> Records(UnifiedLog log)
    {
        var records = new List<string>();
        foreach (var bytes in Batches(log))
        {
            var batch = new RecordBatch(bytes);
            foreach (ref readonly var record in batch.Records())
            {
                records.Add(batch.IsControl
                    ? $"{record.Offset}:{(EndTransactionMarker.Read(record).IsCommit ? "commit" : "abort")}"
                    : $"{record.Offset}:{Encoding.UTF8.GetString(record.KeyBytes.Span)}{(record.HasValue ? "=" + Encoding.UTF8.GetString(record.ValueBytes.Span) : "")}");
            }
        }
        return records;
    }

    /// <summary>The last committed value of each key, as a read_committed consumer computes it.</summary>
    public static SortedDictionary<string, string> State(UnifiedLog log)
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<Indexes.AbortedTransaction>(log.AbortedTransactionsIn(0, log.LogEndOffset).OrderBy(t => t.FirstOffset));
        var aborted = new HashSet<long>();
        var stable = log.LastStableOffset;
        foreach (var bytes in Batches(log))
        {
            var batch = new RecordBatch(bytes);
            if (batch.BaseOffset >= stable)
                break;
            while (waiting.TryPeek(out var next) && next.FirstOffset <= batch.LastOffset)
                aborted.Add(waiting.Dequeue().ProducerId);
            if (batch.IsControl)
            {
                foreach (ref readonly var record in batch.Records())
                {
                    if (!EndTransactionMarker.Read(record).IsCommit)
                        aborted.Remove(batch.ProducerId);
                }
                continue;
            }
            if (batch.IsTransactional && aborted.Contains(batch.ProducerId))
                continue;
            foreach (ref readonly var record in batch.Records())
            {
                if (!record.HasKey)
                    continue;
                var key = Encoding.UTF8.GetString(record.KeyBytes.Span);
                if (record.HasValue)
                    state[key] = Encoding.UTF8.GetString(record.ValueBytes.Span);
                else
                    state.Remove(key);
            }
        }
        return state;
    }

    private static ReadOnlyMemory<byte>? Bytes(string? text) => text is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text);
}
