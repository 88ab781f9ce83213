using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Sharing;

// What goes out to the caller and what the caller says of it.
public sealed partial class ShareConsumer<TKey, TValue>
{
    private async ValueTask<IReadOnlyList<ShareConsumeResult<TKey, TValue>>> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = _cluster.Time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            if (Interlocked.Exchange(ref _reported, null) is { } error) throw error;
            _membership.ThrowIfFailed();
            foreach (var session in _sessions.Values) Receive(session);
            if (_received.Count > 0) return HandOut();
            SendFetches();
            var left = timeout == Timeout.InfiniteTimeSpan ? TimeSpan.FromSeconds(1) : timeout - _cluster.Time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) return [];
            // An answer and a new assignment wake the poll by themselves; metadata and pauses do not.
            await _signal.WaitAsync(left < _options.RetryBackoff ? left : _options.RetryBackoff, cancellationToken);
        }
    }

    private List<ShareConsumeResult<TKey, TValue>> HandOut()
    {
        var results = new List<ShareConsumeResult<TKey, TValue>>(Math.Min(_received.Count, _options.MaxPollRecords));
        while (results.Count < _options.MaxPollRecords && _received.TryDequeue(out var delivery))
        {
            _delivered[delivery.Key] = delivery;
            results.Add(delivery.Result);
        }

        return results;
    }

    private List<ShareConsumeResult<TKey, TValue>> HandOutRenewed()
    {
        foreach (var delivery in _renewed)
        {
            delivery.Type = null;
            _delivered[delivery.Key] = delivery;
        }

        var results = _renewed.ConvertAll(static delivery => delivery.Result);
        _renewed.Clear();
        return results;
    }

    // What could not be deserialized is not processed.
    private void AcceptIfImplicit()
    {
        if (_options.ShareAcknowledgementMode != ShareAcknowledgementMode.Implicit) return;
        foreach (var delivery in _delivered.Values)
            delivery.Type = delivery.Result.Record.Error is null ? AcknowledgeType.Accept : AcknowledgeType.Release;
    }

    // From here on the caller cannot take back what it said.
    private void TakeAcknowledgements()
    {
        foreach (var (key, delivery) in _delivered)
        {
            if (delivery.Type is not { } type) continue;
            delivery.Session.Pending.Add(delivery.Partition, key.Offset, (sbyte)type);
            if (type == AcknowledgeType.Renew) _renewing[key] = delivery;
            _delivered.Remove(key);
        }
    }

    private void Tell(Acknowledgements acknowledgements, KafkaException? error)
    {
        foreach (var partition in acknowledgements.Partitions) Tell(acknowledgements, partition, error);
    }

    private void Tell(Acknowledgements acknowledgements, SharedPartition partition, KafkaException? error)
    {
        if (acknowledgements.Offsets(partition) is not { Count: > 0 } offsets) return;
        foreach (var offset in offsets)
        {
            // What could not be renewed is not this member's any more.
            if (_renewing.Remove((partition.Partition, offset), out var delivery) && error is null) _renewed.Add(delivery);
        }

        AcknowledgementsCommitted?.Invoke(partition.Partition, offsets, error);
    }
}
