using Barnabas.Broker.Purgatory;
using Barnabas.Broker.Replication;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Sharing;

/// <summary>
/// A partition as one share group reads it, on its leader: reads its state when it is first used, writes each change of it
/// before the change counts, ends locks, and wakes fetches that wait. Safe from any thread; its lock is not held across I/O.
/// </summary>
internal sealed partial class SharePartition : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<DelayedFetch> _waiting = [];
    private readonly IShareGroupState _store;
    private readonly Func<SharePartitionSettings> _settings;
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly ILogger _logger;
    private readonly ITimer _lockTimer;
    private SharePartitionState? _state;
    private Task<KafkaException?>? _initialization;
    private int _stateEpoch;
    private bool _isFetching;
    private bool _fetchMissed;

    public SharePartition(SharePartitionKey key, Partition partition, IShareGroupState store, Func<SharePartitionSettings> settings, TimeProvider time, ILogger logger)
    {
        Key = key;
        Partition = partition;
        LeaderEpoch = partition.LeaderEpoch;
        _store = store;
        _settings = settings;
        _time = time;
        _startTimestamp = time.GetTimestamp();
        _logger = logger;
        _lockTimer = time.CreateTimer(static self => _ = ((SharePartition)self!).EndLocksAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public SharePartitionKey Key { get; }

    public Partition Partition { get; }

    /// <summary>The leader epoch that the state was read in; in another one it has to be read anew.</summary>
    public int LeaderEpoch { get; }

    private long NowMs => (long)_time.GetElapsedTime(_startTimestamp).TotalMilliseconds;

    /// <summary>Begins to read the state, once.</summary>
    /// <param name="resetOffset">Where a group begins that has never read the partition.</param>
    /// <returns>Completes with null when records can be acquired, else with why they cannot.</returns>
    public Task<KafkaException?> InitializeAsync(Func<UnifiedLog, long> resetOffset)
    {
        lock (_lock)
            return _initialization ??= ReadStateAsync(resetOffset);
    }

    /// <summary>Tells a fetch when there may be more to acquire.</summary>
    public void Watch(DelayedFetch fetch)
    {
        lock (_waiting)
            _waiting.Add(fetch);
    }

    public void Unwatch(DelayedFetch fetch)
    {
        lock (_waiting)
            _waiting.Remove(fetch);
    }

    /// <summary>Begins a fetch, if there is something to acquire and no other fetch is at it; one that meets another is woken when that ends.</summary>
    /// <param name="fetchOffset">Where to read.</param>
    /// <param name="isNew">Whether nobody has had records from there on.</param>
    public bool TryBeginFetch(out long fetchOffset, out bool isNew)
    {
        lock (_lock)
        {
            (fetchOffset, isNew) = (-1, false);
            if (_state is null)
                return false;
            if (_isFetching)
            {
                _fetchMissed = true;
                return false;
            }

            if (!_state.CanAcquire(_settings()))
                return false;
            fetchOffset = _state.NextFetchOffset;
            isNew = fetchOffset == _state.NextOffset;
            return _isFetching = true;
        }
    }

    public void EndFetch()
    {
        bool wake;
        lock (_lock)
            (wake, _isFetching, _fetchMissed) = (_fetchMissed, false, false);
        if (wake)
            WakeFetches();
    }

    /// <summary>Gives a member records out of what a fetch has read.</summary>
    public List<AcquiredRange> Acquire(string memberId, ShareAcquisition request, long fetchOffset, ShareRead read)
    {
        lock (_lock)
        {
            if (_state is null)
                return [];
            var acquired = _state.Acquire(memberId, request, fetchOffset, read.Records, _settings(), NowMs);
            if (read.AbortedTransactions is { Count: > 0 } aborted)
                acquired = AbortedRecords.Remove(acquired, read.Records, aborted, _state);
            ArmLockTimer();
            return acquired;
        }
    }

    /// <summary>The log begins later than it did.</summary>
    /// <returns>The offset to read from now.</returns>
    public long MoveStart(long logStartOffset)
    {
        lock (_lock)
        {
            _state?.MoveStart(logStartOffset);
            return _state?.NextFetchOffset ?? -1;
        }
    }

    /// <summary>Takes what a member says of its records.</summary>
    /// <returns>Null once it is written, else why it does not count.</returns>
    public Task<KafkaException?> AcknowledgeAsync(string memberId, IReadOnlyList<AcknowledgementBatch> batches)
    {
        ShareStateChange? change;
        lock (_lock)
        {
            if (_state is null)
                return Task.FromResult<KafkaException?>(new KafkaException(ErrorCode.UnknownTopicOrPartition, ErrorCodes.Message(ErrorCode.UnknownTopicOrPartition)));
            try
            {
                change = _state.Acknowledge(memberId, batches, _settings(), NowMs);
            }
            catch (KafkaException e)
            {
                return Task.FromResult<KafkaException?>(e);
            }

            ArmLockTimer();
        }

        return WriteAsync(change);
    }

    /// <summary>Gives back what a member has that goes.</summary>
    public Task<KafkaException?> ReleaseAsync(string memberId)
    {
        ShareStateChange? change;
        lock (_lock)
            change = _state?.Release(memberId, _settings());
        return WriteAsync(change);
    }

    /// <summary>No longer used: fetches that wait look again.</summary>
    public void Dispose()
    {
        _lockTimer.Dispose();
        lock (_lock)
            _state = null;
        WakeFetches();
    }

    private async Task EndLocksAsync()
    {
        ShareStateChange? change;
        lock (_lock)
        {
            change = _state?.ReleaseExpired(_settings(), NowMs);
            ArmLockTimer();
        }

        if (change is null)
            return;
        SharingLog.LocksEnded(_logger, Key.ToString(), change.Batches.Count);
        WakeFetches();
        // What could not be written is known here; another leader would deliver the records once more.
        if (await WriteAsync(change) is { } error)
            SharingLog.LocksNotWritten(_logger, Key.ToString(), error.ErrorCode, error.Message);
    }

    /// <summary>Called with the lock held.</summary>
    private void ArmLockTimer()
    {
        if (_state?.NextLockEndMs is { } end)
            _lockTimer.Change(TimeSpan.FromMilliseconds(Math.Max(1, end - NowMs)), Timeout.InfiniteTimeSpan);
    }

    private void WakeFetches()
    {
        lock (_waiting)
        {
            foreach (var fetch in _waiting)
                fetch.OnAppended(int.MaxValue);
        }
    }
}
