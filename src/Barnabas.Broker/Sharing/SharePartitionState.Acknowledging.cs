using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;

namespace Barnabas.Broker.Sharing;

internal sealed partial class SharePartitionState
{
    /// <summary>Applies what a member says of its records, to be committed once it is written.</summary>
    /// <returns>What to write; null where nothing changes.</returns>
    /// <exception cref="KafkaException">INVALID_RECORD_STATE or INVALID_REQUEST: nothing has changed but locks renewed on the way.</exception>
    public ShareStateChange? Acknowledge(string memberId, IReadOnlyList<AcknowledgementBatch> batches, SharePartitionSettings settings, long nowMs)
    {
        var id = NextChangeId();
        try
        {
            foreach (var batch in batches)
                Acknowledge(id, memberId, batch, settings, nowMs);
        }
        catch (KafkaException)
        {
            Rollback(id, settings.DeliveryCountLimit, nowMs);
            throw;
        }

        return ChangeOf(id);
    }

    /// <summary>Gives back what a member has that goes.</summary>
    public ShareStateChange? Release(string memberId, SharePartitionSettings settings)
    {
        var id = NextChangeId();
        foreach (var range in _records.All)
        {
            if (range is { State: RecordState.Acquired, ChangeId: 0 } && range.MemberId == memberId)
                Change(id, range, range.DeliveryCount >= settings.DeliveryCountLimit ? RecordState.Archived : RecordState.Available);
        }

        return ChangeOf(id);
    }

    /// <summary>Gives back what members had too long. It stands at once.</summary>
    public ShareStateChange? ReleaseExpired(SharePartitionSettings settings, long nowMs)
    {
        var batches = new List<ShareStateBatch>();
        foreach (var range in _records.All)
        {
            if (range is not { State: RecordState.Acquired, ChangeId: 0 } || range.LockedUntilMs > nowMs)
                continue;
            range.Release(settings.DeliveryCountLimit);
            batches.Add(ToBatch(range));
        }

        return batches.Count == 0 ? null : new ShareStateChange(0, StartOffset, DeliveryCompleteCount, batches);
    }

    /// <summary>The change is written.</summary>
    public void Commit(int changeId)
    {
        foreach (var range in _records.All)
        {
            if (range.ChangeId != changeId || changeId == 0)
                continue;
            range.ChangeId = 0;
            range.PreviousMemberId = null;
            range.LockedUntilMs = InFlightRange.NoLock;
        }

        AdvanceStart();
    }

    /// <summary>The change could not be written: members have again what they had, unless their locks have ended since.</summary>
    public void Rollback(int changeId, int deliveryCountLimit, long nowMs)
    {
        foreach (var range in _records.All)
        {
            if (range.ChangeId != changeId || changeId == 0)
                continue;
            range.ChangeId = 0;
            (range.State, range.MemberId, range.PreviousMemberId) = (RecordState.Acquired, range.PreviousMemberId, null);
            if (range.LockedUntilMs <= nowMs)
                range.Release(deliveryCountLimit);
        }
    }

    private void Acknowledge(int id, string memberId, AcknowledgementBatch batch, SharePartitionSettings settings, long nowMs)
    {
        if (batch.Last < StartOffset)
            return;

        EnsureKnown(batch);
        var first = Math.Max(batch.First, StartOffset);
        foreach (var range in _records.Cut(first, batch.Last))
        {
            // Cutting where the type changes shortens the range.
            var (from, last) = (range.First, range.Last);
            while (from <= last)
            {
                var to = EndOfType(batch, from, last);
                Acknowledge(id, memberId, _records.Cut(from, to)[0], batch.TypeAt(from), settings, nowMs);
                from = to + 1;
            }
        }
    }

    private void Acknowledge(int id, string memberId, InFlightRange range, sbyte type, SharePartitionSettings settings, long nowMs)
    {
        if (range.ChangeId != 0)
            throw InvalidState("The record state is invalid. The acknowledgement of delivery could not be completed.");
        if (range.State != RecordState.Acquired)
            throw InvalidState("The batch cannot be acknowledged. The batch is not in the acquired state.");
        if (range.MemberId != memberId)
            throw InvalidState("Member is not the owner of batch record");
        switch (type)
        {
            case AcknowledgementBatch.Renew when !settings.RenewEnabled:
                throw InvalidState("Renewing acquisition locks is not enabled for the group.");
            case AcknowledgementBatch.Renew:
                range.LockedUntilMs = nowMs + settings.LockDurationMs;
                break;
            case AcknowledgementBatch.Accept:
                Change(id, range, RecordState.Acknowledged);
                break;
            case AcknowledgementBatch.ReleaseType:
                Change(id, range, range.DeliveryCount >= settings.DeliveryCountLimit ? RecordState.Archived : RecordState.Available);
                break;
            default:
                Change(id, range, RecordState.Archived);
                break;
        }
    }

    private void EnsureKnown(AcknowledgementBatch batch)
    {
        if ((_records.IsEmpty || _records.All[0].First > batch.First) && batch.First >= StartOffset)
            throw InvalidState("Batch record not found. The request batch offsets are not found in the cache.");
        if (batch.First >= NextOffset)
            throw new KafkaException(ErrorCode.InvalidRequest, "Batch record not found. The first offset in request is past acquired records.");
        if (batch.Last >= NextOffset)
            throw new KafkaException(ErrorCode.InvalidRequest, "Batch record not found. The last offset in request is past acquired records.");
    }

    private static long EndOfType(AcknowledgementBatch batch, long from, long last)
    {
        if (batch.Types.Count == 1)
            return last;
        var type = batch.TypeAt(from);
        var to = from;
        while (to < last && batch.TypeAt(to + 1) == type)
            to++;
        return to;
    }

    private static void Change(int id, InFlightRange range, RecordState state)
    {
        range.ChangeId = id;
        (range.State, range.PreviousMemberId, range.MemberId) = (state, range.MemberId, null);
    }

    private ShareStateChange? ChangeOf(int id)
    {
        var batches = new List<ShareStateBatch>();
        foreach (var range in _records.All)
        {
            if (range.ChangeId == id)
                batches.Add(ToBatch(range));
        }

        return batches.Count == 0 ? null : new ShareStateChange(id, StartOffset, DeliveryCompleteCount, batches);
    }

    /// <summary>Never 0, which stands for none.</summary>
    private int NextChangeId() => _lastChangeId = _lastChangeId == int.MaxValue ? 1 : _lastChangeId + 1;

    private static ShareStateBatch ToBatch(InFlightRange range) => new(range.First, range.Last, (sbyte)range.State, (short)range.DeliveryCount);

    private static KafkaException InvalidState(string message) => new(ErrorCode.InvalidRecordState, message);
}
