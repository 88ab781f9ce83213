using Barnabas.Coordination.Sharing;

namespace Barnabas.Broker.Sharing;

/// <summary>
/// Which records of a partition a share group has been given, and what became of them (KIP-932). A pure state machine:
/// it does no I/O and reads no clock. Not thread-safe; owned by <see cref="SharePartition"/>.
/// </summary>
internal sealed partial class SharePartitionState
{
    private readonly InFlightRecords _records = new();
    private int _lastChangeId;

    /// <summary>The state as the share coordinator kept it.</summary>
    /// <param name="startOffset">The offset of the first record that is not done with.</param>
    /// <param name="batches">What is known of records from there on, in order. What lies between was given to members and nothing came of it.</param>
    public SharePartitionState(long startOffset, IReadOnlyList<ShareStateBatch> batches)
    {
        StartOffset = startOffset;
        NextOffset = startOffset;
        foreach (var batch in batches)
        {
            if (batch.FirstOffset < NextOffset || batch.LastOffset < batch.FirstOffset)
                throw new ArgumentException($"Invalid state batch {batch} behind offset {NextOffset}.", nameof(batches));
            if (batch.FirstOffset > NextOffset)
                Append(NextOffset, batch.FirstOffset - 1, RecordState.Available, 0);
            Append(batch.FirstOffset, batch.LastOffset, (RecordState)batch.DeliveryState, batch.DeliveryCount);
        }

        AdvanceStart();
    }

    /// <summary>The offset of the first record that is not done with.</summary>
    public long StartOffset { get; private set; }

    /// <summary>The offset behind the last record that was ever given to a member.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The offset to read from: the first record that is free, or the first that nobody has had.</summary>
    public long NextFetchOffset
    {
        get
        {
            foreach (var range in _records.All)
            {
                if (range.IsFree)
                    return range.First;
            }

            return NextOffset;
        }
    }

    /// <summary>How many records are done with from the start offset on.</summary>
    public int DeliveryCompleteCount
    {
        get
        {
            var count = 0L;
            foreach (var range in _records.All)
            {
                if (range.IsTerminal)
                    count += range.Count;
            }

            return (int)count;
        }
    }

    /// <summary>When the next lock ends, or null where none is held.</summary>
    public long? NextLockEndMs
    {
        get
        {
            var next = InFlightRange.NoLock;
            foreach (var range in _records.All)
            {
                if (range.State == RecordState.Acquired)
                    next = Math.Min(next, range.LockedUntilMs);
            }

            return next == InFlightRange.NoLock ? null : next;
        }
    }

    internal IReadOnlyList<InFlightRange> Ranges => _records.All;

    private long InFlight => _records.IsEmpty ? 0 : NextOffset - StartOffset;

    /// <summary>Whether a member may get records.</summary>
    public bool CanAcquire(SharePartitionSettings settings) => NextFetchOffset != NextOffset || InFlight < settings.MaxRecordLocks;

    /// <summary>The log begins later than it did: what lies before is gone.</summary>
    public void MoveStart(long logStartOffset)
    {
        if (logStartOffset <= StartOffset)
            return;

        _records.SplitAt(logStartOffset);
        _records.RemoveFirst(_records.IndexOf(logStartOffset));
        StartOffset = logStartOffset;
        NextOffset = Math.Max(NextOffset, logStartOffset);
        AdvanceStart();
    }

    /// <summary>Gives up records that were acquired and turned out to belong to aborted transactions.</summary>
    public void ArchiveAcquired(long first, long last)
    {
        foreach (var range in _records.Cut(first, last))
        {
            if (range.State == RecordState.Acquired && range.ChangeId == 0)
                Archive(range);
        }

        AdvanceStart();
    }

    private static void Archive(InFlightRange range)
    {
        range.State = RecordState.Archived;
        range.MemberId = null;
        range.LockedUntilMs = InFlightRange.NoLock;
    }

    /// <summary>Forgets what is done with at the beginning.</summary>
    /// <returns>Whether the start offset moved.</returns>
    private bool AdvanceStart()
    {
        var done = 0;
        while (done < _records.All.Count && _records.All[done] is { IsTerminal: true, ChangeId: 0 })
            done++;
        if (done == 0)
            return false;

        StartOffset = done < _records.All.Count ? _records.All[done].First : NextOffset;
        _records.RemoveFirst(done);
        return true;
    }

    private InFlightRange Append(long first, long last, RecordState state, int deliveryCount)
    {
        var range = new InFlightRange(first, last, new InFlightBatch(last - first + 1)) { State = state, DeliveryCount = deliveryCount };
        _records.Append(range);
        NextOffset = last + 1;
        return range;
    }
}
