using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Coordination.Runtime;

/// <summary>
/// The deadlines of one shard. Pushing a deadline back, which every heartbeat does, costs one dictionary
/// look-up: the queue keeps the old place and moves the entry when that place comes up.
/// Not thread-safe; owned by the shard's context.
/// </summary>
public sealed class TimerQueue : ICoordinatorTimer
{
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly PriorityQueue<Entry, long> _queue = new();
    private readonly Func<long> _nowMs;

    /// <summary>A queue that reads the time from <paramref name="nowMs"/>, in milliseconds.</summary>
    public TimerQueue(Func<long> nowMs) => _nowMs = nowMs;

    /// <summary>How many operations wait.</summary>
    public int Count => _entries.Count;

    /// <summary>When the queue wants to be looked at next, in milliseconds, or null when nothing waits. Never later than the first deadline.</summary>
    public long? NextWakeMs => _queue.TryPeek(out _, out var at) ? at : null;

    /// <inheritdoc/>
    public void Schedule(string key, long delayMs, Func<CoordinatorResult> operation)
    {
        var deadline = _nowMs() + Math.Max(delayMs, 0);
        if (!_entries.TryGetValue(key, out var entry))
        {
            entry = new Entry(key);
            _entries.Add(key, entry);
        }

        entry.Operation = operation;
        entry.DeadlineMs = deadline;
        if (deadline < entry.QueuedAtMs)
        {
            entry.QueuedAtMs = deadline;
            _queue.Enqueue(entry, deadline);
        }
    }

    /// <inheritdoc/>
    public void Cancel(string key)
    {
        if (_entries.Remove(key, out var entry))
            entry.Operation = null;
    }

    /// <inheritdoc/>
    public bool IsScheduled(string key) => _entries.ContainsKey(key);

    /// <summary>Takes the next operation whose deadline is not after <paramref name="nowMs"/>.</summary>
    public bool TryTakeDue(long nowMs, [NotNullWhen(true)] out Func<CoordinatorResult>? operation)
    {
        while (_queue.TryPeek(out var entry, out var at) && at <= nowMs)
        {
            _queue.Dequeue();
            if (entry.Operation is null || at != entry.QueuedAtMs)
                continue;

            if (entry.DeadlineMs > nowMs)
            {
                entry.QueuedAtMs = entry.DeadlineMs;
                _queue.Enqueue(entry, entry.DeadlineMs);
                continue;
            }

            _entries.Remove(entry.Key);
            operation = entry.Operation;
            entry.Operation = null;
            return true;
        }

        operation = null;
        return false;
    }

    private sealed class Entry(string key)
    {
        public string Key { get; } = key;

        public Func<CoordinatorResult>? Operation { get; set; }

        public long DeadlineMs { get; set; }

        /// <summary>The earliest place in the queue that stands for this entry; later duplicates are stale.</summary>
        public long QueuedAtMs { get; set; } = long.MaxValue;
    }
}
