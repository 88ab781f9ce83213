namespace Barnabas.Raft.Driver;

/// <content>Records of this node while it leads: offsets are given out at once, writing and flushing is the loop's.</content>
public sealed partial class RaftDriver
{
    /// <inheritdoc/>
    public long ScheduleAppend(int epoch, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        if (records.Count == 0) throw new ArgumentException("An append has at least one record.", nameof(records));
        return Schedule(epoch, offset => new PendingAppend.Data(epoch, offset, records));
    }

    private long Schedule(int epoch, Func<long, PendingAppend> at)
    {
        lock (_appendLock)
        {
            var leader = _leader.Leader;
            if (!leader.IsLeader(_options.NodeId) || leader.Epoch != epoch)
            {
                throw new NotLeaderException($"Node {_options.NodeId} does not lead epoch {epoch}: the quorum is at {leader}.");
            }
            var append = at(_nextAppendOffset);
            _nextAppendOffset = append.LastOffset + 1;
            _pending.Add(append);
            if (!_drainPosted)
            {
                if (!_loop.Post(DrainAppends)) throw new NotLeaderException($"Node {_options.NodeId} is stopping.");
                _drainPosted = true;
            }
            return append.LastOffset;
        }
    }

    private void DrainAppends()
    {
        List<PendingAppend> appends;
        lock (_appendLock)
        {
            appends = _pending;
            _pending = [];
            _drainPosted = false;
        }
        try
        {
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            List<CommittedBatch> written = new(appends.Count);
            foreach (var append in appends)
            {
                // Offsets were given out in this order, and nothing else appends while this node leads.
                var bytes = append.Build(now);
                _log.Append(bytes, append.Epoch);
                if (append is PendingAppend.Voters change) Apply(change);
                var records = append is PendingAppend.Data data ? data.Records : [];
                written.Add(new CommittedBatch(append.BaseOffset, append.LastOffset, append.Epoch, now, bytes.Length, records));
            }
            if (written.Count == 0) return;
            _log.Flush();
            Carry(_node.Flushed(_node.Self, _log.EndOffset));
            foreach (var listener in _listeners) Deliver(listener, written);
            CompleteFetches(all: false);
        }
        catch (Exception e)
        {
            RaftDriverLog.Failed(_logger, e);
            throw;
        }
    }
}
