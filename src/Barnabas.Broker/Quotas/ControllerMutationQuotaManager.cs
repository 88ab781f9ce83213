using System.Collections.Concurrent;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Broker.Quotas;

/// <summary>
/// Limits how many partitions clients create and delete (KIP-599) by a bucket of tokens for each: a full bucket allows a burst of all
/// windows, and a request may overdraw it once. Safe from any thread.
/// </summary>
internal sealed class ControllerMutationQuotaManager(QuotaWindow window, TimeProvider time)
{
    private const int MaxBuckets = 10_000;

    private readonly ConcurrentDictionary<(string User, string ClientId), TokenBucket> _buckets = new();
    private volatile QuotaTable _table = new(ClientQuotasImage.Empty, ClientQuotaKeys.ControllerMutationRate);

    public void Apply(ClientQuotasImage image) => _table = new QuotaTable(image, ClientQuotaKeys.ControllerMutationRate);

    /// <summary>The quota that holds for one request; null where none does.</summary>
    /// <param name="user">Who sends it.</param>
    /// <param name="clientId">The client's name for itself.</param>
    /// <param name="isStrict">Whether the request's version knows THROTTLING_QUOTA_EXCEEDED; older ones are carried out and held back after.</param>
    public ControllerMutationQuota? For(string user, string clientId, bool isStrict)
    {
        if (_table.IsEmpty || _table.Find(user, clientId) is not { IsUnlimited: false } match)
            return null;
        if (_buckets.Count >= MaxBuckets)
            Forget();
        var bucket = _buckets.GetOrAdd((match.User, match.ClientId), static (_, w) => new TokenBucket(w.Samples * w.Size.TotalSeconds), window);
        return new ControllerMutationQuota(bucket, match.Limit, isStrict, time);
    }

    private void Forget()
    {
        foreach (var (name, bucket) in _buckets)
        {
            if (bucket.IsFull(time))
                _buckets.TryRemove(name, out _);
        }
    }
}

/// <summary>One request's share of a bucket. Counted on the controller's thread, read by the request's.</summary>
internal sealed class ControllerMutationQuota(TokenBucket bucket, double limit, bool isStrict, TimeProvider time)
{
    private long _throttledUntil;

    /// <summary>Milliseconds for which the client is to be held back from now.</summary>
    public int ThrottleMs
    {
        get
        {
            var until = Interlocked.Read(ref _throttledUntil);
            return until == 0 ? 0 : (int)Math.Max(0, time.GetElapsedTime(time.GetTimestamp(), until).TotalMilliseconds);
        }
    }

    /// <exception cref="KafkaException">THROTTLING_QUOTA_EXCEEDED: the bucket is empty.</exception>
    public void Count(int partitions)
    {
        var throttle = bucket.Take(partitions, limit, isStrict, time);
        if (throttle <= TimeSpan.Zero)
            return;
        Interlocked.Exchange(ref _throttledUntil, time.GetTimestamp() + (long)(throttle.TotalSeconds * time.TimestampFrequency));
        if (isStrict)
            throw new KafkaException(ErrorCode.ThrottlingQuotaExceeded, ErrorCodes.Message(ErrorCode.ThrottlingQuotaExceeded));
    }
}
