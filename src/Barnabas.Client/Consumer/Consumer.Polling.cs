using System.Runtime.CompilerServices;
using Barnabas.Client.Consumer.Fetching;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Consumer;

public sealed partial class Consumer<TKey, TValue>
{
    /// <summary>Returns records, at most <c>max.poll.records</c>; none when the time is over first. Rebalances happen in here.</summary>
    /// <param name="timeout">How long to wait for the first record.</param>
    /// <param name="cancellationToken">Gives up; nothing is lost.</param>
    /// <exception cref="KafkaException">The cluster refuses for good: not authorized, fenced, corrupt records, no offset to start from.</exception>
    /// <exception cref="RecordDeserializationException">With <see cref="ConsumerOptions.StopOnDeserializationError"/>; the position stays at the record.</exception>
    public async ValueTask<IReadOnlyList<ConsumeResult<TKey, TValue>>> PollAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var entry = Enter();
        return await WaitAsync(timeout, static consumer => consumer.Drain(consumer._options.MaxPollRecords), cancellationToken) ?? (IReadOnlyList<ConsumeResult<TKey, TValue>>)[];
    }

    /// <summary>Returns whole batches of one partition as they came, null when the time is over first. Dispose them before the next poll.</summary>
    /// <inheritdoc cref="PollAsync" path="/param"/>
    /// <exception cref="KafkaException">As <see cref="PollAsync"/>.</exception>
    public async ValueTask<FetchedBatches?> PollBatchesAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var entry = Enter();
        return await WaitAsync(timeout, static consumer => consumer._fetcher.Take() is { } fetched ? new FetchedBatches(fetched, consumer.Release) : null, cancellationToken);
    }

    /// <summary>
    /// Reads on and on, record by record, until cancelled. The position moves with each record, so a commit in the loop
    /// covers exactly those before the current one; the current one counts when the next is asked for, and comes again
    /// after a loop that is left early.
    /// </summary>
    /// <exception cref="KafkaException">As <see cref="PollAsync"/>.</exception>
    public async IAsyncEnumerable<ConsumeResult<TKey, TValue>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            FetchedPartition? fetched;
            using (Enter()) fetched = await WaitAsync(Timeout.InfiniteTimeSpan, static consumer => consumer._fetcher.Take(), cancellationToken);
            if (fetched is null) continue;
            var isDone = false;
            var isDelivering = false;
            try
            {
                for (var count = 0; count < _options.MaxPollRecords; count++)
                {
                    // A seek or a rebalance in the loop's body ends what was fetched before it.
                    if (!fetched.IsCurrent || fetched.State.IsPaused || !fetched.MoveNext())
                    {
                        isDone = !fetched.State.IsPaused;
                        break;
                    }

                    cancellationToken.ThrowIfCancellationRequested();
                    var result = Result(fetched);
                    isDelivering = true;
                    yield return result;
                    isDelivering = false;
                    _membership?.Polls.Touch();
                    Advance(fetched);
                }
            }
            finally
            {
                if (isDelivering) GoBack(fetched);
                Release(fetched, isDone);
            }
        }
    }

    private async ValueTask<T?> WaitAsync<T>(TimeSpan timeout, Func<Consumer<TKey, TValue>, T?> take, CancellationToken cancellationToken) where T : class
    {
        var start = _context.Time.GetTimestamp();
        _membership?.Polls.Enter();
        try
        {
            await EndLeavingAsync(cancellationToken);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(_disposed != 0, this);
                _context.ThrowReported();
                RequireSomethingToRead();
                if (_membership is not null)
                {
                    await _membership.AdvanceAsync(cancellationToken);
                    _membership.AutoCommitter.CommitWhenDue();
                }

                var finding = _positions.Start();
                _fetcher.SendFetches();
                if (take(this) is { } taken)
                {
                    _fetcher.SendFetches();
                    return taken;
                }

                var left = timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : timeout - _context.Time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero) return null;
                await _context.Signal.WaitAsync(Min(left, LongestWait(finding)), cancellationToken);
            }
        }
        finally
        {
            _membership?.Polls.Leave();
        }
    }

    // A fetch under way, a found position and a finished join wake the poll by themselves; pauses do not.
    private TimeSpan LongestWait(Task finding)
    {
        var longest = _fetcher.IsWaiting || !finding.IsCompleted || _membership?.IsRebalancing == true ? TimeSpan.FromSeconds(1) : _options.RetryBackoff;
        return _membership?.AutoCommitter.UntilNext is { } commit && commit > TimeSpan.Zero ? Min(longest, commit) : longest;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void RequireSomethingToRead()
    {
        if (!_context.Subscription.IsSubscribed && !_context.Subscription.IsManual) throw new InvalidOperationException("Consumer is not subscribed to any topics or assigned any partitions");
    }

    private List<ConsumeResult<TKey, TValue>>? Drain(int limit)
    {
        List<ConsumeResult<TKey, TValue>>? results = null;
        var count = 0;
        while (count < limit && _fetcher.Take() is { } fetched)
        {
            var isDone = false;
            var isRead = false;
            try
            {
                while (count < limit)
                {
                    if (!fetched.MoveNext())
                    {
                        isDone = true;
                        break;
                    }

                    var result = Result(fetched);
                    // A poll brings about as many as the one before: growing copies.
                    (results ??= new List<ConsumeResult<TKey, TValue>>(Math.Min(_lastPollCount, limit))).Add(result);
                    count++;
                    isRead = true;
                }
            }
            catch (Exception error) when (error is KafkaException or RecordDeserializationException && count > 0)
            {
                // What was read so far goes out first; the error comes with the next poll, from the same position.
                return results;
            }
            finally
            {
                // Once for all of them: the lock is shared with the fetches.
                if (isRead && !isDone) Advance(fetched);
                Release(fetched, isDone);
            }
        }

        if (count > 0) _lastPollCount = count;
        return results;
    }

    private ConsumeResult<TKey, TValue> Result(FetchedPartition fetched)
    {
        ref readonly var record = ref fetched.Record;
        var partition = fetched.State.Partition;
        TKey key = default!;
        TValue value = default!;
        RecordDeserializationException? error = null;
        var part = "key";
        try
        {
            key = _keyDeserializer.Deserialize(record.KeyBytes.Span, !record.HasKey, new SerializationContext(partition.Topic, true));
            part = "value";
            value = _valueDeserializer.Deserialize(record.ValueBytes.Span, !record.HasValue, new SerializationContext(partition.Topic, false));
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            // Deserializers are the caller's code: whatever they throw belongs to this record alone.
            error = new RecordDeserializationException(partition, record.Offset, part, cause);
            if (_options.StopOnDeserializationError)
            {
                // Fetch again from here, so that another try (or a seek past it) is possible.
                lock (_context.Subscription.Gate) fetched.State.SeekTo(record.Offset, fetched.State.PositionEpoch);
                throw error;
            }
        }

        return new ConsumeResult<TKey, TValue>(partition, in record, fetched.TimestampType, fetched.LeaderEpoch, key, value, error);
    }

    private void Advance(FetchedPartition fetched)
    {
        lock (_context.Subscription.Gate)
        {
            if (fetched.IsCurrent) fetched.State.Advance(fetched.NextOffset, fetched.LeaderEpoch);
        }
    }

    private void GoBack(FetchedPartition fetched)
    {
        lock (_context.Subscription.Gate)
        {
            if (fetched.IsCurrent) fetched.State.SeekTo(fetched.State.Position, fetched.State.PositionEpoch);
        }
    }

    private void Release(FetchedPartition fetched, bool isDone)
    {
        if (isDone) Advance(fetched);
        if (isDone || !fetched.IsCurrent)
        {
            _fetcher.Finish(fetched);
        }
        else
        {
            _fetcher.GiveBack(fetched);
        }
    }
}
