namespace Barnabas.Broker.Sharing;

/// <summary>Neighbouring records of one batch that stand alike. Changed by <see cref="InFlightRecords"/> and <see cref="SharePartitionState"/> alone.</summary>
internal sealed class InFlightRange(long first, long last, InFlightBatch batch)
{
    public const long NoLock = long.MaxValue;

    public long First { get; set; } = first;

    public long Last { get; set; } = last;

    /// <summary>The records that were first acquired together.</summary>
    public InFlightBatch Batch { get; } = batch;

    public RecordState State { get; set; }

    public int DeliveryCount { get; set; }

    /// <summary>Who acquired it; null where nobody did.</summary>
    public string? MemberId { get; set; }

    /// <summary>When the lock ends, in the milliseconds of the partition's clock.</summary>
    public long LockedUntilMs { get; set; } = NoLock;

    /// <summary>The change that is being written, or 0: until it is, nobody else may change the records.</summary>
    public int ChangeId { get; set; }

    /// <summary>Who had it before the change that is being written.</summary>
    public string? PreviousMemberId { get; set; }

    public long Count => Last - First + 1;

    public bool IsTerminal => State is RecordState.Acknowledged or RecordState.Archived;

    /// <summary>May be acquired.</summary>
    public bool IsFree => State == RecordState.Available && ChangeId == 0;

    /// <summary>Cuts off the records from <paramref name="offset"/> on.</summary>
    public InFlightRange SplitAt(long offset)
    {
        var tail = new InFlightRange(offset, Last, Batch)
        {
            State = State,
            DeliveryCount = DeliveryCount,
            MemberId = MemberId,
            LockedUntilMs = LockedUntilMs,
            ChangeId = ChangeId,
            PreviousMemberId = PreviousMemberId,
        };
        Last = offset - 1;
        return tail;
    }

    public void Acquire(string memberId, long lockedUntilMs)
    {
        State = RecordState.Acquired;
        DeliveryCount++;
        MemberId = memberId;
        LockedUntilMs = lockedUntilMs;
    }

    /// <summary>Gives it back, or up where it was delivered often enough.</summary>
    public void Release(int deliveryCountLimit)
    {
        State = DeliveryCount >= deliveryCountLimit ? RecordState.Archived : RecordState.Available;
        MemberId = null;
        LockedUntilMs = NoLock;
    }
}

/// <summary>Records that were first acquired together.</summary>
/// <param name="Count">How many.</param>
internal sealed record InFlightBatch(long Count);

/// <summary>Records that a member got.</summary>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset.</param>
/// <param name="DeliveryCount">How often they have been delivered now.</param>
internal readonly record struct AcquiredRange(long First, long Last, int DeliveryCount)
{
    public long Count => Last - First + 1;
}
