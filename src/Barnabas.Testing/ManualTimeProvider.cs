namespace Barnabas.Testing;

/// <summary>
/// A clock that moves only when a test says so. Timers fire inside <see cref="Advance"/>, in the order they are due, on the caller's thread.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;

    /// <summary>Creates a clock that stands at a moment.</summary>
    public ManualTimeProvider(DateTimeOffset start) => _now = start;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock forward and fires what becomes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset until;
        lock (_lock)
            until = _now + by;
        while (TakeDue(until) is { } due)
            due.Fire();
        lock (_lock)
            _now = until;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            ManualTimer? first = null;
            foreach (var timer in _timers)
            {
                if (timer.Due <= until && (first is null || timer.Due < first.Due))
                    first = timer;
            }
            if (first is null)
                return null;
            if (first.Due > _now)
                _now = first.Due.Value;
            if (first.Period > TimeSpan.Zero)
                first.Due = _now + first.Period;
            else
                _timers.Remove(first);
            return first;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var fireNow = false;
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                fireNow = dueTime == TimeSpan.Zero;
                Due = clock._now + (fireNow ? Period : dueTime);
                if (!fireNow || Period > TimeSpan.Zero)
                    clock._timers.Add(this);
            }
            if (fireNow)
                Fire();
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
