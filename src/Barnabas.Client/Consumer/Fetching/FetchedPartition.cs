using System.Diagnostics.CodeAnalysis;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Consumer.Fetching;

/// <summary>
/// What one fetch brought of one partition, and how far it was read. Belongs to the poll that takes it; dispose it to
/// give its memory back.
/// </summary>
internal sealed class FetchedPartition : IDisposable
{
    private readonly SharedFrame _frame;
    private readonly AbortedTransactions? _aborted;
    private readonly bool _checkCrcs;
    private RecordBatchEnumerable.Enumerator _batches;
    private RecordEnumerator _records;
    private bool _inBatch;
    private bool _disposed;
    private KafkaException? _failure;

    [SuppressMessage("Performance", "CA1859", Justification = "The frame outlives the partition.")]
    public FetchedPartition(PartitionState state, long fromOffset, ReadOnlyMemory<byte> records, SharedFrame frame, AbortedTransactions? aborted, bool checkCrcs)
    {
        State = state;
        Jumps = state.Jumps;
        NextOffset = fromOffset;
        SizeInBytes = records.Length;
        _frame = frame;
        _aborted = aborted;
        _checkCrcs = checkCrcs;
        _batches = RecordBatches.EnumerateComplete(records).GetEnumerator();
        frame.Hold();
    }

    public PartitionState State { get; }

    /// <summary>The state's jumps when it was fetched.</summary>
    public int Jumps { get; }

    public int SizeInBytes { get; }

    /// <summary>Everything before was read, or is nothing to read.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The leader epoch of the current batch.</summary>
    public int LeaderEpoch { get; private set; } = -1;

    public TimestampType TimestampType { get; private set; }

    /// <summary>The batch that <see cref="MoveNextBatch"/> found.</summary>
    public RecordBatch Batch => _batches.Current;

    /// <summary>The record that <see cref="MoveNext"/> found; good until the next move.</summary>
    public ref readonly RecordView Record => ref _records.Current;

    /// <summary>Whether the position still is what it was when this was fetched.</summary>
    public bool IsCurrent => Jumps == State.Jumps;

    /// <summary>Finds the next record to deliver.</summary>
    /// <exception cref="KafkaException">A batch is corrupt.</exception>
    public bool MoveNext()
    {
        if (_failure is not null) throw _failure;
        try
        {
            while (true)
            {
                while (_inBatch && _records.MoveNext())
                {
                    ref readonly var record = ref _records.Current;
                    // A fetch in the middle of a batch brings the whole batch.
                    if (record.Offset < NextOffset) continue;
                    NextOffset = record.Offset + 1;
                    return true;
                }

                LeaveBatch();
                if (!MoveNextBatch()) return false;
                _records = Batch.Records().GetEnumerator();
                _inBatch = true;
            }
        }
        catch (Exception error) when (error is InvalidRecordException or MalformedMessageException or CorruptRecordException)
        {
            throw Corrupt(error);
        }
    }

    /// <summary>Finds the next batch that holds something to deliver.</summary>
    /// <exception cref="KafkaException">A batch is corrupt.</exception>
    public bool MoveNextBatch()
    {
        if (_failure is not null) throw _failure;
        try
        {
            while (_batches.MoveNext())
            {
                var batch = _batches.Current;
                if (_checkCrcs) batch.EnsureValid();
                if ((_aborted?.Hides(batch) ?? false) || batch.IsControl || batch.LastOffset < NextOffset)
                {
                    NextOffset = Math.Max(NextOffset, batch.NextOffset);
                    continue;
                }

                LeaderEpoch = batch.PartitionLeaderEpoch;
                TimestampType = batch.TimestampType;
                return true;
            }

            return false;
        }
        catch (Exception error) when (error is InvalidRecordException or MalformedMessageException or CorruptRecordException)
        {
            throw Corrupt(error);
        }
    }

    /// <summary>The current batch was read whole.</summary>
    public void LeaveBatch()
    {
        if (!_inBatch) return;
        _records.Dispose();
        _inBatch = false;
        // Compaction may have removed the last records of the batch.
        NextOffset = Math.Max(NextOffset, Batch.NextOffset);
    }

    /// <summary>True when a batch was read in part: a reader of whole batches gets it first.</summary>
    public bool ReenterBatch()
    {
        if (!_inBatch) return false;
        _records.Dispose();
        _inBatch = false;
        return Batch.LastOffset >= NextOffset;
    }

    /// <summary>For readers of whole batches, which have no record to count by.</summary>
    public void SkipBatch() => NextOffset = Math.Max(NextOffset, Batch.NextOffset);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_inBatch) _records.Dispose();
        _inBatch = false;
        _frame.Release();
    }

    // Stays: what lies behind a corrupt batch is not delivered as if it had not been there.
    private KafkaException Corrupt(Exception error) => _failure = new KafkaException(
        ErrorCode.CorruptMessage,
        $"Received exception when fetching the next record from {State.Partition}. If needed, please seek past the record to continue consumption. ({error.Message} At offset {NextOffset}.)",
        error);
}
