using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer;

public sealed partial class Consumer<TKey, TValue>
{
    /// <summary>Reads on from an offset.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void Seek(TopicPartition partition, long offset, int leaderEpoch = -1)
    {
        using var entry = Enter();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        lock (_context.Subscription.Gate) _context.Subscription.Get(partition).SeekTo(offset, leaderEpoch);
        _context.Signal.Set();
    }

    /// <summary>Reads on from the first record; of all assigned partitions when none is named.</summary>
    /// <exception cref="InvalidOperationException">A partition is not assigned.</exception>
    public void SeekToBeginning(params IReadOnlyCollection<TopicPartition> partitions) => SeekTo(partitions, OffsetReset.Earliest);

    /// <summary>Reads on after the last record; of all assigned partitions when none is named.</summary>
    /// <exception cref="InvalidOperationException">A partition is not assigned.</exception>
    public void SeekToEnd(params IReadOnlyCollection<TopicPartition> partitions) => SeekTo(partitions, OffsetReset.Latest);

    /// <summary>Stops returning records of partitions until <see cref="Resume"/>; the position and the membership stay.</summary>
    /// <exception cref="InvalidOperationException">A partition is not assigned.</exception>
    public void Pause(params IReadOnlyCollection<TopicPartition> partitions) => SetPaused(partitions, true);

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    /// <exception cref="InvalidOperationException">A partition is not assigned.</exception>
    public void Resume(params IReadOnlyCollection<TopicPartition> partitions) => SetPaused(partitions, false);

    /// <summary>The partitions that are paused.</summary>
    public IReadOnlyCollection<TopicPartition> Paused
    {
        get
        {
            lock (_context.Subscription.Gate) return [.. _context.Subscription.Assigned.Where(state => state.IsPaused).Select(state => state.Partition)];
        }
    }

    /// <summary>The offset of the next record; finds it first where it is not known yet.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    /// <exception cref="KafkaTimeoutException">It could not be found in time (<c>default.api.timeout.ms</c> when null).</exception>
    public async Task<long> PositionAsync(TopicPartition partition, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        using var entry = Enter();
        var limit = timeout ?? _options.ApiTimeout;
        var start = _context.Time.GetTimestamp();
        while (true)
        {
            lock (_context.Subscription.Gate)
            {
                var state = _context.Subscription.Get(partition);
                if (state.Phase == PositionPhase.Known) return state.Position;
            }

            var finding = _positions.Start();
            var left = limit - _context.Time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) throw new KafkaTimeoutException($"Timeout of {limit.TotalMilliseconds:0}ms expired before the position for partition {partition} could be determined");
            try
            {
                await finding.WaitAsync(left, _context.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                continue;
            }

            _context.ThrowReported();
        }
    }

    /// <summary>How many records of a partition lie between the position and what can be read; null while that is not known (KIP-691).</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public long? CurrentLag(TopicPartition partition)
    {
        lock (_context.Subscription.Gate)
        {
            var state = _context.Subscription.Get(partition);
            var end = _options.IsolationLevel == IsolationLevel.ReadCommitted ? state.LastStableOffset : state.HighWatermark;
            return end < 0 || state.Position < 0 ? null : Math.Max(0, end - state.Position);
        }
    }

    /// <summary>The first offset of each partition whose timestamp is at or after a time in milliseconds since 1970; null where there is none.</summary>
    /// <exception cref="KafkaTimeoutException">They could not be found in time (<c>default.api.timeout.ms</c> when null).</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, ListedOffset?>> OffsetsForTimesAsync(
        IReadOnlyDictionary<TopicPartition, long> timestamps, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(timestamps);
        foreach (var (partition, timestamp) in timestamps)
        {
            if (timestamp < 0) throw new ArgumentException($"The target time for partition {partition} is {timestamp}. The target time cannot be negative.", nameof(timestamps));
        }

        var found = await _lookup.FindAsync(timestamps, timeout ?? _options.ApiTimeout, cancellationToken);
        return found.ToDictionary(entry => entry.Key, entry => entry.Value.Offset < 0 ? null : entry.Value);
    }

    /// <summary>The first offset of each partition.</summary>
    /// <exception cref="KafkaTimeoutException">They could not be found in time (<c>default.api.timeout.ms</c> when null).</exception>
    public Task<IReadOnlyDictionary<TopicPartition, long>> BeginningOffsetsAsync(IReadOnlyCollection<TopicPartition> partitions, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SpecialOffsetsAsync(partitions, -2, timeout, cancellationToken);

    /// <summary>The offset after the last readable record of each partition.</summary>
    /// <exception cref="KafkaTimeoutException">They could not be found in time (<c>default.api.timeout.ms</c> when null).</exception>
    public Task<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(IReadOnlyCollection<TopicPartition> partitions, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SpecialOffsetsAsync(partitions, -1, timeout, cancellationToken);

    private async Task<IReadOnlyDictionary<TopicPartition, long>> SpecialOffsetsAsync(IReadOnlyCollection<TopicPartition> partitions, long special, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var found = await _lookup.FindAsync(partitions.ToDictionary(partition => partition, _ => special), timeout ?? _options.ApiTimeout, cancellationToken);
        return found.ToDictionary(entry => entry.Key, entry => entry.Value.Offset);
    }

    private void SeekTo(IReadOnlyCollection<TopicPartition> partitions, OffsetReset reset)
    {
        using var entry = Enter();
        lock (_context.Subscription.Gate)
        {
            foreach (var partition in partitions.Count > 0 ? partitions : _context.Subscription.Partitions()) _context.Subscription.Get(partition).RequestReset(reset);
        }

        _context.Signal.Set();
    }

    private void SetPaused(IReadOnlyCollection<TopicPartition> partitions, bool isPaused)
    {
        using var entry = Enter();
        lock (_context.Subscription.Gate)
        {
            foreach (var partition in partitions) _context.Subscription.Get(partition).IsPaused = isPaused;
        }

        _context.Signal.Set();
    }
}
