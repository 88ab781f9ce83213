using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft;

namespace Barnabas.Metadata.Controller;

/// <summary>How requests and periodic tasks go through the controller's thread.</summary>
public sealed partial class QuorumController
{
    private static readonly TimeSpan UncleanElectionInterval = TimeSpan.FromMinutes(5);
    private long _lastAppend;

    /// <summary>Runs an operation that may write; its answer arrives when what it wrote, and all before, is committed.</summary>
    private Task<T> Write<T>(
        string name,
        ControllerRequestContext context,
        Func<ControllerResult<T>> operation,
        CancellationToken cancellation,
        Action<T, long>? written = null)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var created = _time.GetTimestamp();
        if (!_loop.Post(() => Guard(() => Execute(name, context, created, operation, completion, written))))
        {
            completion.SetException(ShuttingDown());
        }
        return cancellation.CanBeCanceled ? completion.Task.WaitAsync(cancellation) : completion.Task;
    }

    private void Execute<T>(
        string name,
        ControllerRequestContext context,
        long created,
        Func<ControllerResult<T>> operation,
        TaskCompletionSource<T> completion,
        Action<T, long>? written)
    {
        if (_claimedEpoch is null)
        {
            completion.SetException(NotController(_raft.LeaderAndEpoch));
            return;
        }
        if (context.Timeout is { } timeout && _time.GetElapsedTime(created) > timeout)
        {
            completion.SetException(new KafkaException(ErrorCode.RequestTimedOut));
            return;
        }
        ControllerResult<T> result;
        try
        {
            result = operation();
        }
        catch (KafkaException e)
        {
            completion.SetException(e);
            return;
        }
        catch (NotLeaderException)
        {
            completion.SetException(NotController(_raft.LeaderAndEpoch));
            throw;
        }
#pragma warning disable CA1031 // Nothing was replayed or written yet: the request fails and the state is as before.
        catch (Exception e)
#pragma warning restore CA1031
        {
            QuorumControllerLog.UnexpectedError(_logger, name, e);
            completion.SetException(new KafkaException(ErrorCode.UnknownServerError, ErrorCodes.Message(ErrorCode.UnknownServerError), e));
            return;
        }
        try
        {
            if (result.Records.Count > 0) Append(result.Records);
        }
        catch (NotLeaderException)
        {
            completion.SetException(NotController(_raft.LeaderAndEpoch));
            throw;
        }
        written?.Invoke(result.Response, _lastWritten);
        _deferred.Add(_lastWritten, error =>
        {
            if (error is null) completion.TrySetResult(result.Response);
            else completion.TrySetException(error);
        });
        _deferred.CompleteUpTo(_lastCommitted);
    }

    private void StartPeriodicTasks(int epoch)
    {
        var config = _options.Config;
        var session = TimeSpan.FromMilliseconds(config.GetLong("broker.session.timeout.ms"));
        Periodically(epoch, session / 8, FenceStaleBroker);
        var idle = TimeSpan.FromMilliseconds(config.GetLong("metadata.max.idle.interval.ms"));
        if (idle > TimeSpan.Zero) Periodically(epoch, idle, () => WriteNoOp(idle));
        if (config.GetBoolean("auto.leader.rebalance.enable"))
        {
            var interval = TimeSpan.FromSeconds(config.GetLong("leader.imbalance.check.interval.seconds"));
            Periodically(epoch, interval, () =>
            {
                if (_replication.HasImbalancedPartitions) Append(_replication.BalanceLeaders());
            });
        }
        Periodically(epoch, TimeSpan.FromMilliseconds(config.GetLong("delegation.token.expiry.check.interval.ms")), () =>
        {
            var expired = _tokens.Sweep();
            if (expired.Count > 0) Append(expired);
        });
        Periodically(epoch, UncleanElectionInterval, () =>
        {
            if (_replication.HasLeaderlessPartitions) Append(_replication.ElectUncleanLeaders());
        });
    }

    private void Periodically(int epoch, TimeSpan interval, Action task) => _loop.PostDelayed(interval, () => Guard(() =>
    {
        if (_claimedEpoch != epoch) return;
        task();
        Periodically(epoch, interval, task);
    }));

    private void FenceStaleBroker()
    {
        while (true)
        {
            // One after the other: each fencing must see what the one before has moved.
            var result = _replication.FenceStaleBroker();
            if (result.Response is not { } brokerId) return;
            QuorumControllerLog.FencedStaleBroker(_logger, brokerId);
            Append(result);
        }
    }

    private void WriteNoOp(TimeSpan idle)
    {
        // Kafka writes one in each interval; only an idle log needs it to show that its leader lives.
        if (_time.GetElapsedTime(_lastAppend) < idle) return;
        Append([new VersionedRecord(new NoOpRecord(), 0)]);
    }

    private void Append<T>(ControllerResult<T> result)
    {
        if (result.Records.Count > 0) Append(result.Records);
    }
}
