namespace Barnabas.Client.Consumer.Membership;

/// <summary>Watches that the caller polls (<c>max.poll.interval.ms</c>, KIP-62). Thread-safe.</summary>
internal sealed class PollWatch(TimeProvider time, TimeSpan limit)
{
    private long _lastTimestamp = time.GetTimestamp();
    private int _polling;

    /// <summary>How long the caller may still stay away; not positive when it stayed too long.</summary>
    public TimeSpan Left => Volatile.Read(ref _polling) != 0 ? limit : limit - time.GetElapsedTime(Volatile.Read(ref _lastTimestamp));

    public bool IsOverdue => Left < TimeSpan.Zero;

    /// <summary>While a poll waits, its caller is alive however long that takes.</summary>
    public void Enter() => Volatile.Write(ref _polling, 1);

    public void Leave()
    {
        Touch();
        Volatile.Write(ref _polling, 0);
    }

    /// <summary>The caller is alive.</summary>
    public void Touch() => Volatile.Write(ref _lastTimestamp, time.GetTimestamp());
}
