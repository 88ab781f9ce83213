using Barnabas.Connect.Records;

namespace Barnabas.Connect.Sdk;

/// <summary>By this a source task says where its transactions end (KIP-618). For the task's calls, on its loop.</summary>
public sealed class TransactionContext
{
    private readonly HashSet<SourceRecord> _commitAfter = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<SourceRecord> _abortAfter = new(ReferenceEqualityComparer.Instance);
    private bool _commitsBatch;
    private bool _abortsBatch;

    /// <summary>Commits after the records of this poll.</summary>
    public void CommitTransaction() => _commitsBatch = true;

    /// <summary>Commits after a record of this poll.</summary>
    public void CommitTransaction(SourceRecord record) => _commitAfter.Add(record);

    /// <summary>Drops the transaction after the records of this poll; their offsets are committed all the same.</summary>
    public void AbortTransaction() => _abortsBatch = true;

    /// <summary>Drops the transaction after a record of this poll, with the record; its offset is committed all the same.</summary>
    public void AbortTransaction(SourceRecord record) => _abortAfter.Add(record);

    internal (bool Commits, bool Aborts) TakeBatch()
    {
        var taken = (_commitsBatch, _abortsBatch);
        (_commitsBatch, _abortsBatch) = (false, false);
        // Records that the task named but did not return.
        _commitAfter.Clear();
        _abortAfter.Clear();
        return taken;
    }

    internal (bool Commits, bool Aborts) Take(SourceRecord record) => (_commitAfter.Remove(record), _abortAfter.Remove(record));
}
