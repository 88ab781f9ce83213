using Barnabas.Broker.Purgatory;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Storage;

namespace Barnabas.Broker.Replication;

/// <summary>
/// A replica on this broker: its log, its place in the cluster, and who waits for it. Appends come from many read loops at once and are
/// ordered by the log's lock; the high watermark and the list of waiters have locks of their own, never held while calling out.
/// </summary>
internal sealed class Partition
{
    private readonly Lock _listenersLock = new();
    private readonly HashSet<DelayedFetch> _fetches = [];
    private readonly int _localId;
    private volatile PartitionRegistration _registration;
    private volatile UnifiedLog _log;
    private Action<long>[] _highWatermarkListeners = [];
    private int _waiting;
    private long _bytesOut;

    public Partition(TopicPartition topicPartition, Uuid topicId, UnifiedLog log, PartitionRegistration registration, int localId)
    {
        TopicPartition = topicPartition;
        TopicId = topicId;
        _log = log;
        _registration = registration;
        _localId = localId;
    }

    public TopicPartition TopicPartition { get; }

    public Uuid TopicId { get; }

    /// <summary>The log; another one after the replica moved to another log directory.</summary>
    public UnifiedLog Log => _log;

    public PartitionRegistration Registration => _registration;

    /// <summary>Bytes that were read since the start.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Fetches that wait for this partition.</summary>
    public int WaitingFetches => Volatile.Read(ref _waiting);

    public int LeaderEpoch => _registration.LeaderEpoch;

    public bool IsLeader => _registration.Leader == _localId;

    /// <summary>Counts bytes that go to a reader.</summary>
    public void CountOut(int bytes) => Interlocked.Add(ref _bytesOut, bytes);

    /// <summary>The log is in another directory now. Called while nothing can be appended.</summary>
    public void ReplaceLog(UnifiedLog log) => _log = log;

    /// <summary>Takes up a new leader, epoch or set of in-sync replicas; everyone who waits looks again.</summary>
    public void Update(PartitionRegistration registration)
    {
        _registration = registration;
        if (IsLeader && registration.Isr.Length <= 1)
            AdvanceHighWatermark(Log.LogEndOffset, 0);
        CompleteWaiting();
    }

    /// <summary>Appends what a client or coordinator of this node sent. Where the result requires it the caller has it flushed with <see cref="FlushAsync"/>; until then no consumer sees it.</summary>
    /// <param name="records">Whole batches in memory that may be written to: base offset and epoch are set in place.</param>
    /// <param name="leaderEpoch">The epoch the caller believes in, or -1 for the current one.</param>
    /// <param name="origin">Who appends.</param>
    /// <param name="minInSyncReplicas">With acks=all, the replicas that have to be in sync; otherwise 0.</param>
    /// <param name="transaction">What is known of the transaction the records belong to.</param>
    /// <exception cref="KafkaException">NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, or as the log refuses the records.</exception>
    public LogAppendInfo Append(Memory<byte> records, int leaderEpoch, AppendOrigin origin, int minInSyncReplicas, in TransactionAppend transaction = default)
    {
        var registration = _registration;
        if (registration.Leader != _localId || (leaderEpoch >= 0 && leaderEpoch != registration.LeaderEpoch))
            throw new KafkaException(ErrorCode.NotLeaderOrFollower, $"Leader not local for partition {TopicPartition} on broker {_localId}");
        // A topic with fewer replicas than it asks to be in sync is content with all of them.
        var required = Math.Min(minInSyncReplicas, registration.Replicas.Length);
        if (registration.Isr.Length < required)
        {
            throw new KafkaException(
                ErrorCode.NotEnoughReplicas,
                $"The size of the current ISR {registration.Isr.Length} is insufficient to satisfy the min.isr requirement of {required} for partition {TopicPartition}");
        }
        var info = AppendToLog(records, registration.LeaderEpoch, origin, transaction);
        if (!info.RequiresFlush)
            Committed(info);
        return info;
    }

    private LogAppendInfo AppendToLog(Memory<byte> records, int leaderEpoch, AppendOrigin origin, in TransactionAppend transaction)
    {
        while (true)
        {
            var log = _log;
            try
            {
                return log.AppendAsLeader(records, leaderEpoch, origin, transaction);
            }
            catch (KafkaStorageException) when (!ReferenceEquals(log, _log))
            {
                // The replica moved to another directory while this waited for the log.
            }
        }
    }

    /// <summary>Makes an append durable that requires it; consumers may see it then.</summary>
    /// <param name="info">What the append gave.</param>
    /// <param name="requester">Who asks, as for <see cref="UnifiedLog.FlushAsync"/>.</param>
    /// <exception cref="KafkaStorageException">The disk failed.</exception>
    public async Task FlushAsync(LogAppendInfo info, long requester = 0)
    {
        await Log.FlushAsync(info.LogEndOffset, requester);
        Committed(info);
    }

    /// <summary>Records of an append are as durable as the configuration asks: consumers may see them.</summary>
    private void Committed(in LogAppendInfo info)
    {
        if (_registration.Isr.Length <= 1)
            AdvanceHighWatermark(info.LogEndOffset, info.SizeInBytes);
    }

    /// <summary>Calls back with each new high watermark, from the thread that raised it, until removed.</summary>
    public void AddHighWatermarkListener(Action<long> listener)
    {
        lock (_listenersLock)
            _highWatermarkListeners = [.. _highWatermarkListeners, listener];
    }

    public void RemoveHighWatermarkListener(Action<long> listener)
    {
        lock (_listenersLock)
            _highWatermarkListeners = [.. _highWatermarkListeners.Where(l => l != listener)];
    }

    /// <summary>Tells a fetch of every append from now on.</summary>
    public void Watch(DelayedFetch fetch)
    {
        lock (_fetches)
        {
            _fetches.Add(fetch);
            Volatile.Write(ref _waiting, _fetches.Count);
        }
    }

    public void Unwatch(DelayedFetch fetch)
    {
        lock (_fetches)
        {
            _fetches.Remove(fetch);
            Volatile.Write(ref _waiting, _fetches.Count);
        }
    }

    /// <summary>Makes everyone who waits look again: the leader moved, or the partition is gone.</summary>
    public void CompleteWaiting() => WakeFetches(int.MaxValue);

    private void AdvanceHighWatermark(long offset, int bytes)
    {
        if (Log.MaybeIncrementHighWatermark(offset))
        {
            foreach (var listener in Volatile.Read(ref _highWatermarkListeners))
                listener(offset);
        }
        // A fetch that registers while this runs has read before and compares end offsets after: it misses nothing.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) > 0)
            WakeFetches(bytes);
    }

    private void WakeFetches(int bytes)
    {
        lock (_fetches)
        {
            foreach (var fetch in _fetches)
                fetch.OnAppended(bytes);
        }
    }
}
