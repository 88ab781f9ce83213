using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

/// <summary>
/// One shard with its log, its timers and the answers it owes. Public methods post events and may be called from any
/// thread; everything else runs as an event of <see cref="ShardMailbox"/>, one at a time. Uncommitted changes live in
/// the state at once; a failed append unwinds them and fails their requests.
/// </summary>
internal sealed partial class CoordinatorContext<TShard>
    where TShard : class, ICoordinatorShard
{
    private readonly TopicPartition _topicPartition;
    private readonly CoordinatorEnvironment _environment;
    private readonly Func<CoordinatorShardContext, TShard> _createShard;
    private readonly ShardMailbox _mailbox;
    private readonly ITimer _wakeUp;
    private readonly DeferredReplyQueue _deferred = new();

    private CoordinatorContextState _state = CoordinatorContextState.Loading;
    private int _epoch = -1;
    private ShardParts? _parts;
    private long _wakeUpAtMs = long.MaxValue;

    public CoordinatorContext(TopicPartition topicPartition, CoordinatorEnvironment environment, Func<CoordinatorShardContext, TShard> createShard)
    {
        _topicPartition = topicPartition;
        _environment = environment;
        _createShard = createShard;
        _mailbox = new ShardMailbox(environment.Scheduler, OnPause);
        _wakeUp = environment.Time.CreateTimer(
            static self => ((CoordinatorContext<TShard>)self!).Post(OnWakeUp), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wall time, for what goes into records.</summary>
    private long NowMs => _environment.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Time that never jumps, for deadlines.</summary>
    private long TickMs => (long)_environment.Time.GetElapsedTime(_environment.StartTimestamp).TotalMilliseconds;

    public void Load(int leaderEpoch) => Post(self => self.BeginLoad(leaderEpoch));

    /// <summary>Gives the shard up. The context stays: a load that follows at once must find its way after this event, not into a context on its way out.</summary>
    public void Unload(int? leaderEpoch) => Post(self =>
    {
        if (leaderEpoch is { } epoch && epoch <= self._epoch)
            return;

        self.Close(CoordinatorContextState.Closed);
        // A partition that is made anew begins at epoch 0 again.
        self._epoch = leaderEpoch ?? -1;
    });

    /// <summary>Gives the shard up for good.</summary>
    public void Dispose() => Post(self =>
    {
        self.Close(CoordinatorContextState.Closed);
        self._epoch = int.MaxValue;
        self._wakeUp.Dispose();
    });

    public Task<T> WriteAsync<T>(Func<TShard, CoordinatorResult<T>> operation)
    {
        var reply = new ParkedReply<T>();
        Post(self => self.Execute(operation, reply, (parts, result) => self.Write(parts, result, new DeferredReply<T>(result.OnCommitted, result.Response, reply))));
        return reply.Task;
    }

    private void Post(Action<CoordinatorContext<TShard>> shardEvent) => _mailbox.Post(() => Guard(shardEvent));

    /// <summary>An event that breaks off may leave half a change behind; the log knows better.</summary>
    private void Guard(Action<CoordinatorContext<TShard>> shardEvent)
    {
        try
        {
            shardEvent(this);
        }
        catch (Exception e)
        {
            _environment.Logger.EventFailed(e, _topicPartition);
            Reload();
        }
    }

    private void Execute<T>(Func<TShard, CoordinatorResult<T>> operation, ParkedReply<T> reply, Action<ShardParts, CoordinatorResult<T>> write)
    {
        if (_state != CoordinatorContextState.Active || _parts is not { } parts)
        {
            reply.TryFail(new KafkaException(
                _state == CoordinatorContextState.Loading ? ErrorCode.CoordinatorLoadInProgress : ErrorCode.NotCoordinator));
            return;
        }

        parts.Context.NowMs = NowMs;
        CoordinatorResult<T> result;
        try
        {
            result = operation(parts.Shard);
        }
        catch (KafkaException e)
        {
            reply.TryFail(e);
            return;
        }
        catch (Exception e)
        {
            _environment.Logger.OperationFailed(e, _topicPartition, ErrorCode.UnknownServerError);
            reply.TryFail(e);
            return;
        }

        write(parts, result);
    }

    private void RunTimedOperation(ShardParts parts, Func<CoordinatorResult> operation)
    {
        CoordinatorResult result;
        try
        {
            result = operation();
        }
        catch (Exception e)
        {
            _environment.Logger.TimedOperationFailed(e, _topicPartition);
            return;
        }

        Write(parts, result, result.OnCommitted is { } onCommitted ? new DeferredEffect(onCommitted) : null);
    }

    private void OnPause()
    {
        if (_state == CoordinatorContextState.Active && _environment.Options.AppendLingerMs <= 0)
            Guard(static self => self.Flush());
        Guard(static self => self.ArmWakeUp());
    }

    private static void OnWakeUp(CoordinatorContext<TShard> self)
    {
        self._wakeUpAtMs = long.MaxValue;
        if (self._state != CoordinatorContextState.Active || self._parts is not { } parts)
            return;

        var now = self.TickMs;
        parts.Context.NowMs = self.NowMs;
        self._deferred.FailDue(now);
        if (parts.Batch is { } batch && batch.FlushAtMs <= now)
            self.Flush();
        while (ReferenceEquals(self._parts, parts) && parts.Timers.TryTakeDue(now, out var operation))
            self.RunTimedOperation(parts, operation);
    }

    private void ArmWakeUp()
    {
        if (_state != CoordinatorContextState.Active || _parts is not { } parts)
            return;

        var next = Math.Min(
            Math.Min(parts.Timers.NextWakeMs ?? long.MaxValue, _deferred.NextDeadlineMs ?? long.MaxValue),
            parts.Batch?.FlushAtMs ?? long.MaxValue);
        if (next >= _wakeUpAtMs)
            return;

        _wakeUpAtMs = next;
        _wakeUp.Change(TimeSpan.FromMilliseconds(Math.Max(next - TickMs, 0)), Timeout.InfiniteTimeSpan);
    }

    private void Close(CoordinatorContextState state)
    {
        var wasOpen = _parts is not null;
        if (_parts is { } parts)
        {
            _parts = null;
            var failure = new KafkaException(ErrorCode.NotCoordinator);
            if (parts.Batch is { } batch)
            {
                parts.Rollback.Unwind();
                batch.FailAll(failure);
                batch.Dispose();
            }

            _deferred.FailAll(failure);
            parts.Shard.OnUnloaded();
            parts.Partition.Dispose();
        }

        _state = state;
        if (wasOpen)
            _environment.Logger.Unloaded(_topicPartition, _epoch);
    }

    /// <summary>Everything that belongs to one loading of the log.</summary>
    private sealed class ShardParts(
        ICoordinatorPartition partition, CoordinatorShardContext context, TimerQueue timers, RollbackLog rollback, TShard shard)
    {
        public ICoordinatorPartition Partition { get; } = partition;

        public CoordinatorShardContext Context { get; } = context;

        public TimerQueue Timers { get; } = timers;

        public RollbackLog Rollback { get; } = rollback;

        public TShard Shard { get; } = shard;

        /// <summary>The records gathered and replayed but not yet written.</summary>
        public CoordinatorBatch? Batch { get; set; }

        /// <summary>The log end offset as of the last write, in which the gathered records are not counted.</summary>
        public long WrittenOffset { get; set; }

        public long CommittedOffset { get; set; }
    }
}
