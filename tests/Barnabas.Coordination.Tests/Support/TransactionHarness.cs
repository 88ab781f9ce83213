using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Coordination.Tests.Support;

/// <summary>
/// One transaction coordinator shard without a runtime: records are serialized into a list, markers wait in another, and time passes only
/// when a test says so.
/// </summary>
internal sealed class TransactionHarness : ITransactionEffects
{
    public static readonly TopicPartition Tp = new("t", 0);

    private readonly CoordinatorShardContext _context;
    private readonly TimerQueue _timers;
    private readonly RollbackLog _rollback = new();
    private readonly TransactionRecordSerde _serde = new();
    private long _freshProducerId = 1000;

    public TransactionHarness(short version = 2, long nowMs = 1_000_000)
    {
        Version = version;
        NowMs = nowMs;
        _timers = new TimerQueue(() => NowMs);
        _context = new CoordinatorShardContext(new TopicPartition("__transaction_state", 0), _timers, _rollback, new Random(1), NullLogger.Instance)
        {
            NowMs = nowMs,
            LeaderEpoch = 7,
        };
        Shard = new TransactionCoordinatorShard(_context, Config, () => Version, this);
    }

    public static TransactionCoordinatorConfig Config { get; } = new()
    {
        MaxTimeoutMs = 900_000,
        TransactionalIdExpirationMs = 3_600_000,
        AbortTimedOutIntervalMs = 10_000,
        RemoveExpiredIntervalMs = 60_000,
        TwoPhaseCommitEnable = false,
    };

    public TransactionCoordinatorShard Shard { get; }

    public short Version { get; set; }

    public long NowMs { get; private set; }

    public List<CoordinatorBatch.Entry> Log { get; } = [];

    /// <summary>The markers that were asked for and not answered.</summary>
    public Queue<PreparedTransaction> Markers { get; } = new();

    public List<string> ProducerIdRequests { get; } = [];

    public ErrorCode? AppendError { get; set; }

    /// <summary>Whether what is written stays uncommitted for longer than anybody waits.</summary>
    public bool IsCommitLate { get; set; }

    public TransactionMetadata this[string transactionalId] => Shard.Transactions[transactionalId];

    public void SendMarkers(TopicPartition shard, PreparedTransaction transaction) => Markers.Enqueue(transaction);

    public void AbortWithNewProducerId(TopicPartition shard, string transactionalId) => ProducerIdRequests.Add(transactionalId);

    public ProducerAnswer Init(string id = "x", ProducerIdAndEpoch? expected = null, int timeoutMs = 60_000) =>
        RunWithProducerId((shard, fresh) => shard.InitProducerId(new InitProducerId(id, timeoutMs, false, false, expected), fresh));

    public ErrorCode Add(ProducerAnswer producer, params TopicPartition[] partitions) =>
        Run(shard => shard.AddPartitions("x", Of(producer), partitions.Length == 0 ? [Tp] : partitions, Version), e => e);

    public ProducerAnswer End(ProducerAnswer producer, bool isCommit = true, short? clientVersion = null) =>
        RunWithProducerId((shard, fresh) => shard.End(new EndTransaction("x", Of(producer), isCommit, clientVersion ?? Version), fresh));

    /// <summary>Answers the oldest markers: they are written.</summary>
    public void CompleteMarkers()
    {
        var transaction = Markers.Dequeue();
        Assert.True(Run(shard => shard.Complete(transaction.TransactionalId, new(transaction.ProducerId, transaction.ProducerEpoch)), _ => false));
    }

    public T Run<T>(Func<TransactionCoordinatorShard, CoordinatorResult<T>> operation, Func<ErrorCode, T> onError)
    {
        _context.NowMs = NowMs;
        try
        {
            var result = operation(Shard);
            return Write(result) is { } error ? onError(error) : result.Response;
        }
        catch (KafkaException e)
        {
            return onError(e.ErrorCode);
        }
    }

    public void Advance(long ms)
    {
        var end = NowMs + ms;
        while (_timers.NextWakeMs is { } next && next <= end)
        {
            NowMs = Math.Max(NowMs, next);
            _context.NowMs = NowMs;
            while (_timers.TryTakeDue(NowMs, out var operation))
            {
                Write(operation());
                if (IsCommitLate)
                    return;
            }
        }

        NowMs = end;
        _context.NowMs = end;
    }

    /// <summary>A new shard with what this one wrote, as a restart makes it.</summary>
    public TransactionHarness Reload()
    {
        var reloaded = new TransactionHarness(Version, NowMs) { _freshProducerId = _freshProducerId };
        reloaded._rollback.IsRecording = false;
        foreach (var entry in Log)
        {
            reloaded.Shard.Replay(reloaded.Log.Count, -1, reloaded.Read(entry));
            reloaded.Log.Add(entry);
        }

        reloaded._rollback.IsRecording = true;
        reloaded.Shard.OnLoaded();
        return reloaded;
    }

    /// <summary>Sets the epoch of an id as if it had been raised many times.</summary>
    public void SetEpoch(ProducerAnswer producer, short epoch)
    {
        var record = TransactionRecords.Of(this["x"] with { ProducerEpoch = epoch }, Version);
        Log.Add(CoordinatorBatch.Serialize([record], 0, 1)[0]);
        Shard.Replay(Log.Count - 1, -1, record);
    }

    public CoordinatorRecord Read(CoordinatorBatch.Entry entry) =>
        _serde.Deserialize(entry.Key, entry.Value is { } value ? new ReadOnlyMemory<byte>(value) : default(ReadOnlyMemory<byte>?))!;

    public TransactionLogValue LastValue() => (TransactionLogValue)Read(Log[^1]).Value!;

    public static ProducerIdAndEpoch Of(ProducerAnswer producer) => new(producer.ProducerId, producer.ProducerEpoch);

    private ProducerAnswer RunWithProducerId(Func<TransactionCoordinatorShard, long?, CoordinatorResult<ProducerAnswer?>> operation) =>
        Run(shard => operation(shard, null), e => ProducerAnswer.Failed(e))
            ?? Run(shard => operation(shard, _freshProducerId++), e => ProducerAnswer.Failed(e))!.Value;

    private ErrorCode? Write(CoordinatorResult result)
    {
        if (result.Records.Count > 0 && AppendError is { } error)
        {
            foreach (var record in result.Records)
                Shard.Replay(Log.Count, -1, record);
            _rollback.Unwind();
            result.OnCommitted?.Invoke(new KafkaException(error));
            return error;
        }

        var entries = CoordinatorBatch.Serialize(result.Records, 0, result.Records.Count);
        for (var i = 0; i < entries.Length; i++)
        {
            Log.Add(entries[i]);
            Shard.Replay(Log.Count - 1, -1, result.Records[i]);
        }

        _rollback.Clear();
        result.OnCommitted?.Invoke(IsCommitLate ? new KafkaException(ErrorCode.RequestTimedOut) : null);
        return IsCommitLate ? ErrorCode.RequestTimedOut : null;
    }
}
