using Barnabas.Broker.Replication;
using Barnabas.Transport.Server;

namespace Barnabas.Broker.Purgatory;

/// <summary>
/// A fetch with nothing to return yet. It holds no thread: appends to its partitions count towards its minimum, and whichever comes first of
/// enough bytes, the time limit, a moved leader or a closed connection completes it, once.
/// </summary>
internal sealed class DelayedFetch : IThreadPoolWorkItem, IDisposable
{
    // A larger append is worth another processor's reading and sending it.
    private const int LargestAppendToFollowAtOnce = 64 * 1024;

    private readonly TaskCompletionSource _completion = new();
    private readonly List<Partition> _watched = [];
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _closed;
    private long _missingBytes;

    public DelayedFetch(int missingBytes, TimeSpan maxWait, TimeProvider time, CancellationToken connectionClosed)
    {
        _missingBytes = Math.Max(1, missingBytes);
        _timer = time.CreateTimer(static f => ((DelayedFetch)f!)._completion.TrySetResult(), this, maxWait, Timeout.InfiniteTimeSpan);
        _closed = connectionClosed.UnsafeRegister(static f => ((DelayedFetch)f!)._completion.TrySetCanceled(), this);
    }

    /// <summary>Cancelled where the connection closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Waits for this partition too. What happened to it before wakes nobody: the caller looks after this whether it has moved on from what was read.</summary>
    public void Watch(Partition partition)
    {
        _watched.Add(partition);
        partition.Watch(this);
    }

    /// <summary>Ends the wait before it has begun: what would wait looks again.</summary>
    public void Complete() => _completion.TrySetResult();

    /// <summary>A partition has more to read. Who waits goes on later and never on this stack, which may hold locks.</summary>
    public void OnAppended(int bytes)
    {
        var missing = Interlocked.Add(ref _missingBytes, -(long)bytes);
        // Nothing more to do for who comes after the append that was enough.
        if (missing > 0 || missing + bytes <= 0)
            return;
        if (bytes <= LargestAppendToFollowAtOnce)
            AfterResponse.Run(this);
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _completion.TrySetResult();

    public void Dispose()
    {
        _timer.Dispose();
        _closed.Dispose();
        foreach (var partition in _watched)
            partition.Unwatch(this);
    }
}
