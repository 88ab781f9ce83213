using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

internal sealed partial class CoordinatorContext<TShard>
{
    private void BeginLoad(int leaderEpoch)
    {
        if (leaderEpoch <= _epoch)
            return;

        Close(CoordinatorContextState.Loading);
        _epoch = leaderEpoch;
        OpenAndLoad();
    }

    /// <summary>Replays the log again in the same epoch: the state in memory cannot be trusted.</summary>
    private void Reload()
    {
        if (_state is CoordinatorContextState.Closed)
            return;

        try
        {
            Close(CoordinatorContextState.Loading);
            OpenAndLoad();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void OpenAndLoad()
    {
        ICoordinatorPartition? partition = null;
        try
        {
            partition = _environment.Logs.Open(_topicPartition, hw => Post(self => self.OnHighWatermark(partition, hw)));
            var rollback = new RollbackLog { IsRecording = false };
            var timers = new TimerQueue(() => TickMs);
            var context = new CoordinatorShardContext(_topicPartition, timers, rollback, NewRandom(), _environment.Logger) { NowMs = NowMs, LeaderEpoch = _epoch };
            var parts = new ShardParts(partition, context, timers, rollback, _createShard(context));
            var load = new CoordinatorLoad(partition.LogStartOffset, TickMs);
            _parts = parts;
            _environment.Logger.LoadBegins(_topicPartition, _epoch, load.NextOffset, partition.LogEndOffset);
            LoadStep(parts, load);
        }
        catch (Exception e)
        {
            if (_parts is null)
                partition?.Dispose();
            Fail(e);
        }
    }

    /// <summary>Reads and replays one buffer, then lets other events in: requests that meet a loading shard are told so at once.</summary>
    private void LoadStep(ShardParts parts, CoordinatorLoad load)
    {
        if (!ReferenceEquals(_parts, parts))
            return;

        try
        {
            if (load.NextOffset < parts.Partition.LogEndOffset)
            {
                load.ReplayNext(parts.Partition, _environment, _topicPartition, parts.Shard);
                _mailbox.Post(() => Guard(self => self.LoadStep(parts, load)));
                return;
            }

            FinishLoad(parts, load);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void FinishLoad(ShardParts parts, CoordinatorLoad load)
    {
        parts.WrittenOffset = load.NextOffset;
        parts.CommittedOffset = parts.Partition.HighWatermark;
        parts.Rollback.IsRecording = true;
        parts.Context.NowMs = NowMs;
        _state = CoordinatorContextState.Active;
        parts.Shard.OnLoaded();
        _environment.Logger.LoadEnds(_topicPartition, _epoch, load.RecordCount, load.ByteCount, TickMs - load.StartedMs);
    }

    private void Fail(Exception exception)
    {
        _environment.Logger.LoadFailed(exception, _topicPartition, _epoch);
        Close(CoordinatorContextState.Failed);
    }

    /// <summary>Shards run in parallel, so each gets its own source, drawn from the shared one.</summary>
    private Random NewRandom()
    {
        lock (_environment.Random)
            return new Random(_environment.Random.Next());
    }
}
