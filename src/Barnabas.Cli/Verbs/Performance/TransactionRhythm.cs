using PerfProducer = Barnabas.Client.Producer.Producer<object?, System.ReadOnlyMemory<byte>?>;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Begins and commits a performance test's transactions; does nothing where it has none.</summary>
internal sealed class TransactionRhythm
{
    private readonly PerfProducer _producer;
    private readonly TimeSpan? _duration;
    private readonly TimeProvider _time;
    private long? _began;

    private TransactionRhythm(PerfProducer producer, TimeSpan? duration, TimeProvider time)
    {
        _producer = producer;
        _duration = duration;
        _time = time;
    }

    public static async Task<TransactionRhythm> StartAsync(PerfProducer producer, TimeSpan? duration, TimeProvider time, CancellationToken cancellationToken)
    {
        if (duration is not null)
            await producer.InitTransactionsAsync(cancellationToken);
        return new TransactionRhythm(producer, duration, time);
    }

    /// <summary>Makes sure that a transaction is open, and not for too long.</summary>
    public ValueTask BeforeRecordAsync(CancellationToken cancellationToken)
    {
        if (_duration is not { } duration || (_began is { } began && _time.GetElapsedTime(began) < duration))
            return ValueTask.CompletedTask;
        return new ValueTask(RenewAsync(cancellationToken));
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_began is null)
            return;
        await _producer.CommitTransactionAsync(cancellationToken);
        _began = null;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await EndAsync(cancellationToken);
        _producer.BeginTransaction();
        _began = _time.GetTimestamp();
    }
}
