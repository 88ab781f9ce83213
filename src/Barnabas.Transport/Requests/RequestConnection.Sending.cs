using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Transport.Requests;

// The write side: whoever finds nobody writing becomes the writer and drains the queue, so that requests of one
// moment leave in one gathered send and no thread waits for work.
public sealed partial class RequestConnection
{
    private readonly ITimer _deadlineTimer;
    private long _armedTimestamp = long.MaxValue;

    private void Send(PendingRequest pending, IRequest request, TimeSpan timeout)
    {
        var drain = false;
        try
        {
            pending.CorrelationId = Interlocked.Increment(ref _nextCorrelationId) & int.MaxValue;
            Encode(pending, request);
            lock (_gate)
            {
                if (_closeReason is not null) throw Disconnected(pending.Api);
                Volatile.Write(ref _lastUsedTimestamp, _time.GetTimestamp());
                _outgoing.Add(pending);
                if (pending.ExpectsResponse)
                {
                    pending.DeadlineTimestamp = _lastUsedTimestamp + (long)(timeout.TotalSeconds * _time.TimestampFrequency);
                    _inFlight.Enqueue(pending);
                    Arm(pending.DeadlineTimestamp);
                }

                if (!_writing) drain = _writing = true;
            }
        }
        catch
        {
            pending.Frame.Dispose();
            throw;
        }

        if (drain) _ = DrainAsync();
    }

    private void Encode(PendingRequest pending, IRequest request)
    {
        var header = new RequestHeader
        {
            RequestApiKey = (short)request.ApiKey,
            RequestApiVersion = pending.Version,
            CorrelationId = pending.CorrelationId,
            ClientId = _options.ClientId,
        };
        var prefix = pending.Frame.BeginFrame();
        header.Write(pending.Frame, pending.Api.RequestHeaderVersion(pending.Version));
        request.Write(pending.Frame, pending.Version);
        pending.Frame.EndFrame(prefix);
    }

    // Never faults: an error ends the connection, which tells every waiter.
    private async Task DrainAsync()
    {
        var batch = new List<PendingRequest>();
        var segments = new List<ReadOnlyMemory<byte>>();
        while (true)
        {
            lock (_gate)
            {
                (batch, _outgoing) = (_outgoing, batch);
                if (batch.Count == 0)
                {
                    _writing = false;
                    return;
                }
            }

            try
            {
                Gather(batch, segments);
                await _connection.SendAsync(segments, _stopping.Token);
                foreach (var pending in batch)
                {
                    if (!pending.ExpectsResponse) pending.Complete([], 0);
                }
            }
            catch (Exception error)
            {
                Close($"sending failed ({error.Message})", error);
                foreach (var pending in batch) pending.Fail(Disconnected(pending.Api));
            }
            finally
            {
                foreach (var pending in batch) pending.Frame.Dispose();
                batch.Clear();
                segments.Clear();
            }
        }
    }

    private static void Gather(List<PendingRequest> batch, List<ReadOnlyMemory<byte>> segments)
    {
        foreach (var pending in batch) segments.AddRange(pending.Frame.Segments);
    }

    // Under _gate. The timer is left armed when a response comes: most time-outs never matter.
    private void Arm(long deadlineTimestamp)
    {
        if (deadlineTimestamp >= _armedTimestamp) return;
        _armedTimestamp = deadlineTimestamp;
        var due = _time.GetElapsedTime(_time.GetTimestamp(), deadlineTimestamp);
        _deadlineTimer.Change(due > TimeSpan.Zero ? due + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void CheckDeadlines()
    {
        PendingRequest? expired = null;
        lock (_gate)
        {
            if (_closeReason is not null) return;
            _armedTimestamp = long.MaxValue;
            var now = _time.GetTimestamp();
            var next = long.MaxValue;
            foreach (var pending in _inFlight)
            {
                if (pending.DeadlineTimestamp <= now) expired ??= pending;
                else next = Math.Min(next, pending.DeadlineTimestamp);
            }

            if (expired is null && next != long.MaxValue) Arm(next);
        }

        if (expired is not null) Close($"no response to {expired.Api.Name} request {expired.CorrelationId} in time");
    }
}
