using Barnabas.Protocol.Records;
using Barnabas.Storage.Indexes;

namespace Barnabas.Broker.Sharing;

/// <summary>Takes the records of aborted transactions out of what a member acquired: they are done with, undelivered.</summary>
internal static class AbortedRecords
{
    public static List<AcquiredRange> Remove(List<AcquiredRange> acquired, ReadOnlyMemory<byte> read, IReadOnlyList<AbortedTransaction> aborted, SharePartitionState state)
    {
        var pending = new PriorityQueue<AbortedTransaction, long>();
        foreach (var transaction in aborted)
            pending.Enqueue(transaction, transaction.FirstOffset);
        var open = new HashSet<long>();
        foreach (var batch in RecordBatches.Enumerate(read))
        {
            while (pending.TryPeek(out var transaction, out var firstOffset) && firstOffset <= batch.LastOffset)
            {
                pending.Dequeue();
                open.Add(transaction.ProducerId);
            }

            if (batch.IsControl)
                open.Remove(batch.ProducerId);
            else if (batch.IsTransactional && open.Contains(batch.ProducerId))
                acquired = Without(acquired, batch.BaseOffset, batch.LastOffset, state);
        }

        return acquired;
    }

    private static List<AcquiredRange> Without(List<AcquiredRange> acquired, long first, long last, SharePartitionState state)
    {
        var left = new List<AcquiredRange>(acquired.Count + 1);
        foreach (var range in acquired)
        {
            if (range.Last < first || range.First > last)
            {
                left.Add(range);
                continue;
            }

            state.ArchiveAcquired(Math.Max(first, range.First), Math.Min(last, range.Last));
            if (range.First < first)
                left.Add(range with { Last = first - 1 });
            if (range.Last > last)
                left.Add(range with { First = last + 1 });
        }

        return left;
    }
}
