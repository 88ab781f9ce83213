using Barnabas.Protocol.Records;

namespace Barnabas.Broker.Sharing;

internal sealed partial class SharePartitionState
{
    /// <summary>Gives a member records out of what was read. Released records come before records nobody has had.</summary>
    /// <param name="memberId">The member.</param>
    /// <param name="request">How much it wants, and how exactly.</param>
    /// <param name="fetchOffset">Where the log was read from.</param>
    /// <param name="read">Whole batches; not empty.</param>
    /// <param name="settings">The group's settings.</param>
    /// <param name="nowMs">The time, in the milliseconds of the partition's clock.</param>
    public List<AcquiredRange> Acquire(string memberId, ShareAcquisition request, long fetchOffset, ReadOnlyMemory<byte> read, SharePartitionSettings settings, long nowMs)
    {
        var acquired = new List<AcquiredRange>();
        var (baseOffset, lastOffset) = Bounds(read);
        if (lastOffset < StartOffset || request.MaxRecords <= 0)
            return acquired;

        var left = Math.Min(request.MaxRecords, settings.MaxRecordLocks - InFlight);
        if (left <= 0)
        {
            // At the limit, what was released may still be delivered again.
            if (fetchOffset >= NextOffset)
                return acquired;
            left = Math.Min(request.MaxRecords, NextOffset - fetchOffset);
            lastOffset = Math.Min(lastOffset, NextOffset - 1);
        }

        // What was released and is no longer in the log is not delivered again.
        if (fetchOffset < baseOffset)
            ArchiveFree(fetchOffset, baseOffset - 1);
        var first = Math.Max(baseOffset, StartOffset);
        var lockedUntilMs = nowMs + settings.LockDurationMs;
        var taken = AcquireAgain(memberId, request, first, lastOffset, left, settings, lockedUntilMs, acquired, out var isThrottled);
        if (!isThrottled && taken < left && lastOffset >= NextOffset)
            AcquireNew(memberId, request, read, Math.Max(first, NextOffset), lastOffset, left - taken, lockedUntilMs, acquired);
        return acquired;
    }

    /// <summary>Acquires what is free among the records that were acquired before, batch by batch.</summary>
    private long AcquireAgain(
        string memberId, ShareAcquisition request, long first, long last, long left, SharePartitionSettings settings, long lockedUntilMs, List<AcquiredRange> acquired, out bool isThrottled)
    {
        var taken = 0L;
        isThrottled = false;
        var next = first;
        while (taken < left && next <= last && _records.IndexOf(next) is var index && index < _records.All.Count && _records.All[index].First <= last)
        {
            var batch = _records.All[index].Batch;
            var ranges = RangesOf(batch, index, last);
            next = ranges[^1].Last + 1;
            if (!ranges.Exists(range => range.IsFree))
                continue;

            isThrottled = ranges.Where(range => range.IsFree).Max(range => range.DeliveryCount) >= settings.ThrottleFrom;
            // Records that may be at fault come alone, not behind others.
            if (isThrottled && taken > 0)
                return taken;

            var isWhole = ranges.Count == 1 && ranges[0].Count == batch.Count && ranges[0].First >= first && ranges[0].Last <= last;
            if (isWhole && !isThrottled && !(request.IsExact && batch.Count > left - taken))
            {
                ranges[0].Acquire(memberId, lockedUntilMs);
                acquired.Add(new AcquiredRange(ranges[0].First, ranges[0].Last, ranges[0].DeliveryCount));
                taken += ranges[0].Count;
                continue;
            }

            var limit = request.IsExact ? left - taken : long.MaxValue;
            var part = AcquirePart(memberId, batch, Math.Max(first, ranges[0].First), Math.Min(last, ranges[^1].Last), limit, settings, lockedUntilMs, acquired);
            taken += part;
            if (isThrottled && part > 0)
                return taken;
            isThrottled = false;
        }

        return taken;
    }

    /// <summary>Acquires free records of one batch: no more than asked, and fewer the oftener they were delivered.</summary>
    private long AcquirePart(
        string memberId, InFlightBatch batch, long first, long last, long limit, SharePartitionSettings settings, long lockedUntilMs, List<AcquiredRange> acquired)
    {
        var taken = 0L;
        var isLimitedByDeliveries = false;
        var begin = acquired.Count;
        while (taken < limit && FindFree(first, last) is { } range)
        {
            var isLastDelivery = settings.DeliveryCountLimit > 2 && range.DeliveryCount == settings.DeliveryCountLimit - 1;
            if (isLastDelivery && taken > 0)
                break;
            if (range.DeliveryCount >= settings.ThrottleFrom && !isLimitedByDeliveries)
            {
                limit = Math.Min(limit, Math.Max(1, batch.Count >> (range.DeliveryCount - settings.ThrottleFrom + 1)));
                isLimitedByDeliveries = true;
                if (taken >= limit)
                    break;
            }

            var from = Math.Max(first, range.First);
            var to = Math.Min(Math.Min(last, range.Last), isLastDelivery ? from : from + Math.Min(limit - taken, range.Count) - 1);
            var part = _records.Cut(from, to)[0];
            part.Acquire(memberId, lockedUntilMs);
            Accumulate(acquired, begin, new AcquiredRange(from, to, part.DeliveryCount));
            taken += part.Count;
            first = to + 1;
            if (isLastDelivery)
                break;
        }

        return taken;
    }

    /// <summary>Acquires records nobody has had; whole batches, unless the member wants no more than it said.</summary>
    private void AcquireNew(
        string memberId, ShareAcquisition request, ReadOnlyMemory<byte> read, long first, long last, long left, long lockedUntilMs, List<AcquiredRange> acquired)
    {
        if (left < last - first + 1)
            last = request.IsExact ? first + left - 1 : Math.Min(last, EndOfBatchAt(read, first + left - 1));
        if (_records.IsEmpty)
            StartOffset = first;
        var from = first;
        if (!request.IsExact && last - first + 1 > request.BatchSize)
        {
            foreach (var batch in RecordBatches.Enumerate(read))
            {
                if (batch.BaseOffset > last)
                    break;
                if (batch.BaseOffset - from < request.BatchSize)
                    continue;
                Take(from, batch.BaseOffset - 1);
                from = batch.BaseOffset;
            }
        }

        Take(from, last);

        void Take(long firstOffset, long lastOffset)
        {
            Append(firstOffset, lastOffset, RecordState.Available, 0).Acquire(memberId, lockedUntilMs);
            acquired.Add(new AcquiredRange(firstOffset, lastOffset, 1));
        }
    }

    private List<InFlightRange> RangesOf(InFlightBatch batch, int index, long last)
    {
        var ranges = new List<InFlightRange>();
        for (; index < _records.All.Count && ReferenceEquals(_records.All[index].Batch, batch) && _records.All[index].First <= last; index++)
            ranges.Add(_records.All[index]);
        return ranges;
    }

    private InFlightRange? FindFree(long first, long last)
    {
        for (var i = _records.IndexOf(first); i < _records.All.Count && _records.All[i].First <= last; i++)
        {
            if (_records.All[i].IsFree)
                return _records.All[i];
        }

        return null;
    }

    private void ArchiveFree(long first, long last)
    {
        foreach (var range in _records.Cut(first, last))
        {
            if (range.IsFree)
                Archive(range);
        }

        AdvanceStart();
    }

    private static void Accumulate(List<AcquiredRange> acquired, int begin, AcquiredRange range)
    {
        if (acquired.Count > begin && acquired[^1] is var previous && previous.Last + 1 == range.First && previous.DeliveryCount == range.DeliveryCount)
            acquired[^1] = previous with { Last = range.Last };
        else
            acquired.Add(range);
    }

    private static (long BaseOffset, long LastOffset) Bounds(ReadOnlyMemory<byte> read)
    {
        var (baseOffset, lastOffset) = (-1L, -1L);
        foreach (var batch in RecordBatches.Enumerate(read))
        {
            if (baseOffset < 0)
                baseOffset = batch.BaseOffset;
            lastOffset = batch.LastOffset;
        }

        return (baseOffset, lastOffset);
    }

    /// <summary>The last offset of the batch that holds <paramref name="offset"/>; the offset itself where it lies between batches.</summary>
    private static long EndOfBatchAt(ReadOnlyMemory<byte> read, long offset)
    {
        foreach (var batch in RecordBatches.Enumerate(read))
        {
            if (batch.BaseOffset <= offset && offset <= batch.LastOffset)
                return batch.LastOffset;
        }

        return offset;
    }
}

/// <summary>What a member wants of a share partition.</summary>
/// <param name="MaxRecords">How many records at most; batches are finished, unless <paramref name="IsExact"/>.</param>
/// <param name="BatchSize">About how many records stand together in the answer and in acknowledgements.</param>
/// <param name="IsExact">Never more than <paramref name="MaxRecords"/> (KIP-1206, share.acquire.mode=record_limit).</param>
internal readonly record struct ShareAcquisition(int MaxRecords, int BatchSize, bool IsExact);
