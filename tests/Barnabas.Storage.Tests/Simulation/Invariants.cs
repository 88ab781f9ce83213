using Barnabas.Protocol.Records;
using Barnabas.Storage.Indexes;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Tests.Simulation;

/// <summary>What must hold after any crash; each violation names its invariant.</summary>
internal static class Invariants
{
    public static void Check(UnifiedLog log, ModelLog model)
    {
        AcknowledgedAndFlushedIsThere(log, model);
        var read = ReadAll(log);
        NoGapNoDuplicate(log, read);
        NoForeignByte(model, read);
        foreach (var segment in log.Segments)
            IndexesAgreeWithTheLog(segment);
        LeaderEpochsAgreeWithTheLog(log, read);
        ProducerStateAgreesWithTheLog(log, read);
        AbortedTransactionsAgreeWithTheLog(log, read);
    }

    public static List<ModelBatch> ReadAll(UnifiedLog log)
    {
        var batches = new List<ModelBatch>();
        var offset = log.LogStartOffset;
        while (offset < log.LogEndOffset)
        {
            using var data = log.Read(offset, 700, FetchIsolation.LogEnd, minOneMessage: true);
            Require(data.Records.Length > 0, "NoGap", $"nothing to read at {offset} below the end {log.LogEndOffset}");
            foreach (var batch in RecordBatches.Enumerate(data.Records))
                batches.Add(new ModelBatch(batch.Bytes.ToArray()));
            offset = data.NextOffset;
        }

        return batches;
    }

    private static void AcknowledgedAndFlushedIsThere(UnifiedLog log, ModelLog model) =>
        Require(log.LogEndOffset >= model.DurableOffset, "AcknowledgedAndFlushedIsThere", $"end {log.LogEndOffset}, flushed up to {model.DurableOffset}");

    private static void NoGapNoDuplicate(UnifiedLog log, List<ModelBatch> read)
    {
        var expected = read.Count == 0 ? log.LogEndOffset : read[0].BaseOffset;
        Require(expected <= log.LogStartOffset || read.Count == 0, "NoGap", $"first batch {expected} after log start {log.LogStartOffset}");
        foreach (var batch in read)
        {
            Require(batch.BaseOffset == expected, batch.BaseOffset > expected ? "NoGap" : "NoDuplicate", $"batch {batch.BaseOffset} where {expected} is next");
            expected = batch.NextOffset;
        }

        Require(expected == log.LogEndOffset, "NoGap", $"batches end at {expected}, the log at {log.LogEndOffset}");
    }

    private static void NoForeignByte(ModelLog model, List<ModelBatch> read)
    {
        foreach (var batch in read)
        {
            var wanted = model.Batches.Concat(model.InFlight).FirstOrDefault(b => b.Bytes.AsSpan().SequenceEqual(batch.Bytes));
            Require(wanted is not null, "NoForeignByte", $"batch at {batch.BaseOffset} was never appended there");
        }
    }

    private static void IndexesAgreeWithTheLog(LogSegment segment)
    {
        var byPosition = new Dictionary<int, (long LastOffset, long MaxTimestamp)>();
        var maxByOffset = new SortedDictionary<long, long>();
        var largest = -1L;
        using (var scanner = segment.Scan())
        {
            while (scanner.MoveNext())
            {
                largest = Math.Max(largest, scanner.Header.MaxTimestamp);
                byPosition[(int)scanner.Position] = (scanner.Header.LastOffset, scanner.Header.MaxTimestamp);
                maxByOffset[scanner.Header.LastOffset] = largest;
            }
        }

        for (var i = 0; i < segment.Offsets.Count; i++)
        {
            var entry = segment.Offsets.Entry(i);
            Require(
                byPosition.TryGetValue(entry.Position, out var batch) && batch.LastOffset == entry.Offset,
                "IndexesAgreeWithTheLog",
                $"{segment.LogPath}: offset entry {i} of {segment.Offsets.Count} is {entry}");
        }

        for (var i = 0; i < segment.Times.Count; i++)
        {
            var entry = segment.Times.Entry(i);
            Require(
                maxByOffset.TryGetValue(entry.Offset, out var max) && max == entry.Timestamp,
                "IndexesAgreeWithTheLog",
                $"{segment.LogPath}: time entry {i} of {segment.Times.Count} is {entry}");
            Require(i == 0 || segment.Times.Entry(i - 1).Timestamp < entry.Timestamp, "IndexesAgreeWithTheLog", $"{segment.LogPath}: time entry {i} does not ascend");
        }
    }

    private static void LeaderEpochsAgreeWithTheLog(UnifiedLog log, List<ModelBatch> read)
    {
        foreach (var batch in read)
        {
            var offset = Math.Max(batch.BaseOffset, log.LogStartOffset);
            Require(log.EpochForOffset(offset) == batch.Batch.PartitionLeaderEpoch, "LeaderEpochsAgreeWithTheLog", $"offset {offset} has epoch {batch.Batch.PartitionLeaderEpoch}, the cache says {log.EpochForOffset(offset)}");
        }
    }

    private static void ProducerStateAgreesWithTheLog(UnifiedLog log, List<ModelBatch> read)
    {
        var active = log.ActiveProducers().ToDictionary(static p => p.ProducerId);
        foreach (var group in read.Where(static b => b.Batch.HasProducerId).GroupBy(static b => b.Batch.ProducerId))
        {
            Require(active.TryGetValue(group.Key, out var state), "ProducerStateAgreesWithTheLog", $"producer {group.Key} is unknown");
            var data = group.LastOrDefault(static b => !b.Batch.IsControl);
            if (data is not null)
                Require(state.LastSequence == data.Batch.LastSequence, "ProducerStateAgreesWithTheLog", $"producer {group.Key}: sequence {state.LastSequence}, the log says {data.Batch.LastSequence}");
            var afterMarker = group.Reverse().TakeWhile(static b => !b.Batch.IsControl).LastOrDefault();
            var hasMarker = group.Any(static b => b.Batch.IsControl);
            if (afterMarker is null)
                Require(state.CurrentTransactionStartOffset == -1, "ProducerStateAgreesWithTheLog", $"producer {group.Key} has a transaction open after its marker");
            else if (hasMarker && afterMarker.Batch.IsTransactional)
                Require(state.CurrentTransactionStartOffset == afterMarker.BaseOffset, "ProducerStateAgreesWithTheLog", $"producer {group.Key}: transaction from {state.CurrentTransactionStartOffset}, the log says {afterMarker.BaseOffset}");
        }
    }

    private static void AbortedTransactionsAgreeWithTheLog(UnifiedLog log, List<ModelBatch> read)
    {
        var open = new Dictionary<long, long>();
        var expected = new List<(long Producer, long First, long Last)>();
        foreach (var batch in read)
        {
            var view = batch.Batch;
            if (!view.HasProducerId)
                continue;
            if (!view.IsControl)
            {
                if (view.IsTransactional)
                    open.TryAdd(view.ProducerId, view.BaseOffset);
                continue;
            }

            if (open.Remove(view.ProducerId, out var first) && !IsCommit(view))
                expected.Add((view.ProducerId, first, view.BaseOffset));
        }

        var indexed = log.AbortedTransactionsIn(log.LogStartOffset, log.LogEndOffset).Select(static t => (t.ProducerId, t.FirstOffset, t.LastOffset)).ToHashSet();
        foreach (var transaction in expected)
        {
            // One that began below the log start is indexed with its true beginning.
            Require(
                indexed.Contains(transaction) || indexed.Any(i => i.ProducerId == transaction.Producer && i.LastOffset == transaction.Last && i.FirstOffset < log.LogStartOffset),
                "AbortedTransactionsAgreeWithTheLog",
                $"{transaction} is not indexed; start {log.LogStartOffset}, recovery point {log.RecoveryPoint}, segments {string.Join("; ", log.Segments.Select(static s => $"{s.BaseOffset} [{string.Join(",", s.Transactions.All())}]"))}");
        }

        foreach (var transaction in indexed)
            Require(read.Any(b => b.Batch.IsControl && b.BaseOffset == transaction.LastOffset), "AbortedTransactionsAgreeWithTheLog", $"{transaction} has no marker");
    }

    private static bool IsCommit(RecordBatch batch)
    {
        foreach (ref readonly var record in batch.Records())
            return EndTransactionMarker.Read(record).IsCommit;
        return false;
    }

    private static void Require(bool holds, string invariant, string detail)
    {
        if (!holds)
            throw new InvariantViolation($"{invariant}: {detail}");
    }
}

internal sealed class InvariantViolation(string message) : Exception(message);
