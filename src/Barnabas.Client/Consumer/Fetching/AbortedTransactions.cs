using System.Buffers.Binary;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Consumer.Fetching;

/// <summary>Tells which batches of a fetched partition belong to aborted transactions (KIP-98). Used in offset order.</summary>
internal sealed class AbortedTransactions
{
    private readonly Queue<FetchResponse.AbortedTransaction> _upcoming;
    private readonly HashSet<long> _aborting = [];

    public AbortedTransactions(List<FetchResponse.AbortedTransaction>? transactions) =>
        _upcoming = new Queue<FetchResponse.AbortedTransaction>((transactions ?? []).OrderBy(transaction => transaction.FirstOffset));

    /// <summary>Whether consumers that read committed records must not see the batch.</summary>
    public bool Hides(RecordBatch batch)
    {
        if (!batch.HasProducerId) return false;
        while (_upcoming.TryPeek(out var next) && next.FirstOffset <= batch.LastOffset) _aborting.Add(_upcoming.Dequeue().ProducerId);
        if (batch.IsControl)
        {
            if (IsAbortMarker(batch)) _aborting.Remove(batch.ProducerId);
            return true;
        }

        return batch.IsTransactional && _aborting.Contains(batch.ProducerId);
    }

    // The key of a control record: its version, then its type; 0 aborts, 1 commits.
    private static bool IsAbortMarker(RecordBatch batch)
    {
        foreach (ref readonly var record in batch.Records())
            return record.KeySizeInBytes >= 4 && BinaryPrimitives.ReadInt16BigEndian(record.KeyBytes.Span[2..]) == 0;
        return false;
    }
}
