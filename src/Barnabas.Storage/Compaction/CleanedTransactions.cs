using Barnabas.Protocol.Records;
using Barnabas.Storage.Indexes;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Compaction;

/// <summary>
/// Follows transactions through a pass over a log, batch by batch in the order of offsets: which batches were aborted, and whether a marker
/// still has a batch that needs it. One thread.
/// </summary>
internal sealed class CleanedTransactions
{
    private readonly HashSet<long> _committed = [];
    private readonly Dictionary<long, Aborted> _aborted = [];
    private readonly PriorityQueue<AbortedTransaction, long> _waiting = new();
    private readonly HashSet<(long ProducerId, long LastOffset)> _known = [];

    /// <summary>Where the aborted transactions whose markers stay are indexed; null while nothing is written.</summary>
    public TransactionIndex? CleanedIndex { get; set; }

    public void Add(IEnumerable<AbortedTransaction> transactions)
    {
        foreach (var transaction in transactions)
        {
            // Those that reach over several segments are told of with each.
            if (_known.Add((transaction.ProducerId, transaction.LastOffset)))
                _waiting.Enqueue(transaction, transaction.FirstOffset);
        }
    }

    /// <summary>Whether a batch of records belongs to an aborted transaction, so that its records go.</summary>
    public bool OnBatch(in BatchHeader batch)
    {
        Begin(batch.LastOffset);
        if (!batch.IsTransactional)
            return false;
        if (_aborted.TryGetValue(batch.ProducerId, out var aborted))
        {
            aborted.HasBatch = true;
            return true;
        }
        _committed.Add(batch.ProducerId);
        return false;
    }

    /// <summary>Whether a marker can go: no batch of its transaction is left before it.</summary>
    public bool OnControlBatch(in BatchHeader batch, ReadOnlyMemory<byte> bytes)
    {
        Begin(batch.LastOffset);
        // The records of an empty one are gone already.
        if (batch.RecordCount == 0)
            return true;
        foreach (ref readonly var record in new RecordBatch(bytes).Records())
        {
            switch (ControlRecords.ReadType(record.KeyBytes.Span))
            {
                case ControlRecordType.Abort:
                    if (!_aborted.Remove(batch.ProducerId, out var aborted) || !aborted.HasBatch)
                        return true;
                    if (CleanedIndex is { } index && !index.Contains(aborted.Transaction.LastOffset))
                        index.Append(aborted.Transaction);
                    return false;
                case ControlRecordType.Commit:
                    return !_committed.Remove(batch.ProducerId);
                default:
                    return false;
            }
        }
        return true;
    }

    private void Begin(long offset)
    {
        while (_waiting.TryPeek(out var next, out var first) && first <= offset)
        {
            _waiting.Dequeue();
            _aborted.TryAdd(next.ProducerId, new Aborted(next));
        }
    }

    private sealed class Aborted(AbortedTransaction transaction)
    {
        public AbortedTransaction Transaction { get; } = transaction;

        public bool HasBatch { get; set; }
    }
}
