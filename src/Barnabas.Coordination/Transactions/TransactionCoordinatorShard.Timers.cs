using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

internal sealed partial class TransactionCoordinatorShard
{
    private const string AbortTimerKey = "abort-timed-out-transactions";
    private const string ExpirationTimerKey = "expire-transactional-ids";

    /// <summary>Aborts a transaction that timed out and needs another producer id for it.</summary>
    public CoordinatorResult<bool> AbortTimedOut(string transactionalId, long freshProducerId)
    {
        if (Find(transactionalId) is not { } metadata || !metadata.IsTimedOut(_context.NowMs) || !TryFence(metadata, freshProducerId, out var fenced))
            return new CoordinatorResult<bool>([], false);
        _context.Logger.TimedOut(metadata.TransactionalId, metadata.ProducerId, metadata.StartMs, metadata.TimeoutMs);
        return Prepare(fenced, true);
    }

    private void ScheduleAborts() => _context.Timer.Schedule(AbortTimerKey, _config.AbortTimedOutIntervalMs, AbortAllTimedOut);

    private void ScheduleExpiration() => _context.Timer.Schedule(ExpirationTimerKey, _config.RemoveExpiredIntervalMs, RemoveExpired);

    private CoordinatorResult AbortAllTimedOut()
    {
        ScheduleAborts();
        var records = new List<CoordinatorRecord>();
        var aborted = new List<PreparedTransaction>();
        foreach (var metadata in _transactions.Values)
        {
            if (!metadata.IsTimedOut(_context.NowMs))
                continue;
            if (!TryFence(metadata, null, out var fenced))
            {
                _effects.AbortWithNewProducerId(_context.TopicPartition, metadata.TransactionalId);
                continue;
            }

            _context.Logger.TimedOut(metadata.TransactionalId, metadata.ProducerId, metadata.StartMs, metadata.TimeoutMs);
            records.Add(Decide(fenced));
            aborted.Add(Prepared(fenced));
        }

        return new CoordinatorResult(records)
        {
            IsAtomic = false,
            OnCommitted = failure =>
            {
                foreach (var transaction in aborted)
                    SendMarkersOf(transaction, failure);
            },
        };
    }

    private CoordinatorResult RemoveExpired()
    {
        ScheduleExpiration();
        var records = new List<CoordinatorRecord>();
        foreach (var metadata in _transactions.Values)
        {
            if (metadata.State.MayExpire() && metadata.LastUpdateMs <= _context.NowMs - _config.TransactionalIdExpirationMs)
                records.Add(TransactionRecords.Tombstone(metadata.TransactionalId));
        }

        if (records.Count > 0)
            _context.Logger.Expired(_context.TopicPartition, records.Count);
        return new CoordinatorResult(records) { IsAtomic = false };
    }
}
