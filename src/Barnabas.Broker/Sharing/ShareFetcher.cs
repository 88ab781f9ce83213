using Barnabas.Broker.Purgatory;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Storage;

namespace Barnabas.Broker.Sharing;

/// <summary>What a share fetch asks for.</summary>
internal sealed record ShareFetchParameters(string GroupId, string MemberId, int MaxWaitMs, int MinBytes, int MaxBytes, ShareAcquisition Acquisition);

/// <summary>What came of one partition of a share fetch.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Error">Why nothing came; null where something did.</param>
/// <param name="Records">Whole batches, in which the acquired records are.</param>
/// <param name="Acquired">The records that the member has now.</param>
internal readonly record struct ShareFetchOutcome(SharedPartition Partition, KafkaException? Error, ReadOnlyMemory<byte> Records, IReadOnlyList<AcquiredRange> Acquired);

/// <summary>Acquires records for members, and waits for them where there are none yet: without a thread, woken by appends and by records that are given back. Stateless.</summary>
internal sealed class ShareFetcher(SharePartitionManager manager, TimeProvider time)
{
    /// <summary>Acquires what there is, or what comes within the wait.</summary>
    public async ValueTask<List<ShareFetchOutcome>> FetchAsync(RequestContext context, ShareFetchParameters fetch, IReadOnlyList<SharedPartition> asked)
    {
        var outcomes = new List<ShareFetchOutcome>();
        var partitions = Find(context, fetch.GroupId, asked, outcomes);
        if (partitions.Count == 0 || fetch.Acquisition.MaxRecords <= 0 || fetch.MaxBytes <= 0)
            return outcomes;

        var began = time.GetTimestamp();
        while (true)
        {
            var left = TimeSpan.FromMilliseconds(fetch.MaxWaitMs) - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                Acquire(context, fetch, partitions, outcomes, takesAnything: true);
                return outcomes;
            }

            using var wait = new ShareWait(partitions.ConvertAll(one => one.Share), left, time, context.Cancellation);
            RemoveFailed(partitions, outcomes);
            if (Acquire(context, fetch, partitions, outcomes, takesAnything: false) || partitions.Count == 0)
                return outcomes;
            context.ReleaseFrame();
            await wait.Completion;
        }
    }

    private List<(SharedPartition Asked, SharePartition Share, Task<KafkaException?> Ready)> Find(
        RequestContext context, string groupId, IReadOnlyList<SharedPartition> asked, List<ShareFetchOutcome> outcomes)
    {
        var partitions = new List<(SharedPartition, SharePartition, Task<KafkaException?>)>(asked.Count);
        foreach (var one in asked)
        {
            var error = manager.TryGet(groupId, one, topic => context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic), out var share);
            if (error == ErrorCode.None)
                partitions.Add((one, share!, manager.InitializeAsync(share!)));
            else
                outcomes.Add(new ShareFetchOutcome(one, new KafkaException(error, ErrorCodes.Message(error)), default, []));
        }

        return partitions;
    }

    private static void RemoveFailed(List<(SharedPartition Asked, SharePartition Share, Task<KafkaException?> Ready)> partitions, List<ShareFetchOutcome> outcomes)
    {
        for (var i = partitions.Count - 1; i >= 0; i--)
        {
            if (!partitions[i].Ready.IsCompletedSuccessfully || partitions[i].Ready.Result is not { } error)
                continue;
            outcomes.Add(new ShareFetchOutcome(partitions[i].Asked, error, default, []));
            partitions.RemoveAt(i);
        }
    }

    /// <summary>One pass over the partitions.</summary>
    /// <returns>Whether there is something to tell the member.</returns>
    private bool Acquire(
        RequestContext context, ShareFetchParameters fetch, List<(SharedPartition Asked, SharePartition Share, Task<KafkaException?> Ready)> partitions, List<ShareFetchOutcome> outcomes, bool takesAnything)
    {
        var reads = new List<(SharedPartition Asked, SharePartition Share, long FetchOffset, ShareRead? Data)>();
        try
        {
            var isolation = manager.Settings.IsolationOf(fetch.GroupId);
            var (redelivers, hasFailed) = (false, false);
            foreach (var (asked, share, _) in partitions)
            {
                if (!share.TryBeginFetch(out var fetchOffset, out var isNew))
                    continue;
                reads.Add((asked, share, fetchOffset, null));
                redelivers |= !isNew;
            }

            var bytes = 0;
            for (var i = 0; i < reads.Count; i++)
            {
                try
                {
                    var (fetchOffset, data) = Read(reads[i].Share, reads[i].FetchOffset, Math.Max(1, fetch.MaxBytes / reads.Count), isolation);
                    reads[i] = reads[i] with { FetchOffset = fetchOffset, Data = data };
                    bytes += data?.Records.Length ?? 0;
                }
                catch (KafkaException e)
                {
                    outcomes.Add(new ShareFetchOutcome(reads[i].Asked, e, default, []));
                    hasFailed = true;
                }
            }

            return ((takesAnything || redelivers || bytes >= fetch.MinBytes) && Acquire(context, fetch, reads, outcomes)) || hasFailed;
        }
        finally
        {
            foreach (var (_, share, _, data) in reads)
            {
                data?.Dispose();
                share.EndFetch();
            }
        }
    }

    private static bool Acquire(
        RequestContext context, ShareFetchParameters fetch, List<(SharedPartition Asked, SharePartition Share, long FetchOffset, ShareRead? Data)> reads, List<ShareFetchOutcome> outcomes)
    {
        var left = fetch.Acquisition.MaxRecords;
        var any = false;
        for (var i = 0; i < reads.Count && left > 0; i++)
        {
            var (asked, share, fetchOffset, data) = reads[i];
            if (data is not { Records.Length: > 0 })
                continue;
            var acquired = share.Acquire(fetch.MemberId, fetch.Acquisition with { MaxRecords = left }, fetchOffset, data);
            if (acquired.Count == 0)
                continue;
            any = true;
            foreach (var range in acquired)
                left -= (int)Math.Min(left, range.Count);
            outcomes.Add(new ShareFetchOutcome(asked, null, ShareFetchRecords.Slice(data.Records, acquired[0].First, acquired[^1].Last), acquired));
            // From here on the response owns the records.
            context.DisposeWhenSent(data);
            reads[i] = reads[i] with { Data = null };
        }

        return any;
    }

    /// <summary>Reads one partition. Where retention or a deletion took what was to be read next, reading begins where the log does.</summary>
    private static (long FetchOffset, ShareRead? Data) Read(SharePartition share, long fetchOffset, int maxBytes, FetchIsolation isolation)
    {
        try
        {
            return (fetchOffset, ShareRead.Of(share.Partition.Log, fetchOffset, maxBytes, isolation));
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.OffsetOutOfRange)
        {
            var next = share.MoveStart(share.Partition.Log.LogStartOffset);
            return next > fetchOffset ? (next, ShareRead.Of(share.Partition.Log, next, maxBytes, isolation)) : (fetchOffset, null);
        }
    }
}
