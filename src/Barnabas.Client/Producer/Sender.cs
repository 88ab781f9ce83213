using System.Collections.Concurrent;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Producer;

/// <summary>
/// The one loop that sends a producer's batches. All decisions about batches, sequence numbers and retries are made in
/// it, one at a time; connections, responses and producer ids come in through queues that wake it. An exception in the
/// loop fails everything that waits, and the producer with it.
/// </summary>
internal sealed partial class Sender
{
    private const long Never = long.MaxValue;
    private readonly ClusterClient _cluster;
    private readonly ProducerOptions _options;
    private readonly RecordAccumulator _accumulator;
    private readonly TransactionManager? _transactions;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<ProduceOutcome> _outcomes = new();
    private readonly Dictionary<int, NodeSender> _nodes = [];
    private readonly List<PartitionQueue> _active = [];
    private readonly long _startTimestamp;
    private readonly long _lingerMs;
    private readonly long _deliveryMs;
    private volatile KafkaException? _fatal;
    private volatile bool _isClosing;
    private volatile bool _isForced;
    private Task _loop = Task.CompletedTask;

    public Sender(ClusterClient cluster, ProducerOptions options, RecordAccumulator accumulator, TransactionManager? transactions, ILogger logger)
    {
        _cluster = cluster;
        _options = options;
        _accumulator = accumulator;
        _transactions = transactions;
        _logger = logger;
        _startTimestamp = cluster.Time.GetTimestamp();
        _lingerMs = (long)options.Linger.TotalMilliseconds;
        _deliveryMs = (long)options.DeliveryTimeout.TotalMilliseconds;
        _timer = cluster.Time.CreateTimer(
            static state => ((AsyncSignal)state!).Set(), accumulator.Signal, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Milliseconds since the producer began.</summary>
    public long NowMs => (long)_cluster.Time.GetElapsedTime(_startTimestamp).TotalMilliseconds;

    /// <summary>Why nothing can be sent any more; null as long as things go well.</summary>
    public KafkaException? Fatal => _fatal;

    public void Start() => _loop = RunAsync();

    /// <summary>Sends what is there, fails what is left after <paramref name="timeout"/>, and ends the loop.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        _isClosing = true;
        _accumulator.Signal.Set();
        try
        {
            if (timeout > TimeSpan.Zero)
                await EndAsync().WaitAsync(timeout, _cluster.Time);
        }
        catch (TimeoutException)
        {
            // What is left fails below, and its owners are told.
        }
        _isForced = true;
        _accumulator.Signal.Set();
        await _stopping.CancelAsync();
        await _loop;
        await _timer.DisposeAsync();
        _stopping.Dispose();
    }

    // Records that nobody acknowledges are only safe to leave once the node has read them: it answers in order, so an
    // answer to anything sent after them says that it has.
    private async Task EndAsync()
    {
        var stopping = _stopping.Token;
        await _loop;
        if (_options.Acks != Acks.None)
            return;
        foreach (var node in _nodes.Values)
        {
            if (node.OpenConnection is not { } connection)
                continue;
            try
            {
                await connection.SendAsync(new ApiVersionsRequest(), connection.Versions.Choose(ApiKey.ApiVersions, highest: 2), stopping);
            }
            catch (Exception e) when (e is KafkaException or OperationCanceledException)
            {
                ProducerLog.NodeUnreachable(_logger, node.NodeId, e.Message);
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var wakeMs = RunOnce();
                if (_isForced || (_isClosing && _accumulator.IsEmpty))
                    break;
                Arm(wakeMs);
                await _accumulator.Signal.WaitAsync();
            }
        }
        catch (Exception e)
        {
            ProducerLog.LoopFailed(_logger, e);
            _fatal = new KafkaException(ErrorCode.UnknownServerError, $"The producer's sending loop failed: {e.Message}", e);
            _accumulator.Close();
        }
        FailEverything(_fatal ?? new KafkaException(ErrorCode.UnknownServerError, "Producer is closed forcefully."));
    }

    // One pass. Returns when to look again, if nothing wakes the loop before.
    private long RunOnce()
    {
        var now = NowMs;
        var wakeMs = Never;
        while (_outcomes.TryDequeue(out var outcome))
            Handle(outcome, now);
        _accumulator.CollectActivated(_active);
        Expire(now, ref wakeMs);
        if (_transactions is not null)
            FollowTransaction(_transactions);
        else if (_options.IsIdempotent && _active.Count > 0)
            ObtainProducerId(now, ref wakeMs);
        if (_fatal is { } fatal)
            FailEverything(fatal);
        while (SendReady(now, ref wakeMs))
        {
        }
        for (var i = _active.Count - 1; i >= 0; i--)
        {
            if (!_active[i].TryDeactivate())
                continue;
            _active[i] = _active[^1];
            _active.RemoveAt(_active.Count - 1);
        }
        return wakeMs;
    }

    private void Arm(long wakeMs)
    {
        if (wakeMs != Never)
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, wakeMs - NowMs)), Timeout.InfiniteTimeSpan);
    }

    private void FailEverything(KafkaException reason)
    {
        foreach (var batch in _accumulator.Incomplete())
        {
            batch.Queue.Remove(batch);
            if (batch.IsOnWire)
                batch.MarkSendEndUnknown();
            batch.Queue.InFlight.Remove(batch);
            batch.Complete(-1, -1, _ => reason, HandlerFailed);
            _accumulator.Remove(batch);
        }
        _accumulator.Memory.Close(reason);
    }

    private void Expire(long now, ref long wakeMs)
    {
        foreach (var queue in _active)
        {
            while (queue.Peek(out _) is { } waiting)
            {
                var dueMs = waiting.CreatedMs + _deliveryMs;
                wakeMs = Math.Min(wakeMs, dueMs);
                if (dueMs > now)
                    break;
                queue.Remove(waiting);
                queue.InFlight.Remove(waiting);
                Fail(waiting, Expired(waiting, now));
            }
            foreach (var sent in queue.InFlight)
            {
                if (!sent.IsOnWire || sent.IsDone)
                    continue;
                if (sent.CreatedMs + _deliveryMs <= now)
                {
                    var expired = Expired(sent, now);
                    _transactions?.OnBatchFailed(expired);
                    sent.Complete(-1, -1, _ => expired, HandlerFailed);
                }
                else
                {
                    wakeMs = Math.Min(wakeMs, sent.CreatedMs + _deliveryMs);
                }
            }
        }
    }

    private static KafkaTimeoutException Expired(ProducerBatch batch, long now)
    {
        var reason = batch.LastError is { } error ? $"The last try failed: {error.Message}" : "The request has not been sent, or no server response has been received yet.";
        var message = $"Expiring {batch.RecordCount} record(s) for {batch.Queue.Partition.Topic}-{batch.Queue.Partition.Partition}:{now - batch.CreatedMs} ms has passed since batch creation. {reason}";
        return new KafkaTimeoutException(message, batch.LastError);
    }

    private void HandlerFailed(Exception error) => ProducerLog.HandlerFailed(_logger, error);
}
