using Barnabas.Client.Producer;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;
using Barnabas.Connect.Stores;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

/// <summary>
/// Polls a source task and writes its records and offsets together in transactions (KIP-618): exactly once, as long as
/// the source gives the same records again from the same offset.
/// </summary>
public sealed class ExactlyOnceWorkerSourceTask : AbstractWorkerSourceTask, IDeliveryHandler
{
    private readonly TransactionSetup _transactions;
    private readonly Dictionary<ByteKey, byte[]?> _offsets = [];
    private readonly List<Sent> _sent = [];
    private readonly TransactionContext? _context;
    private bool _isOpen;

    /// <summary>Creates it; nothing runs before it is started.</summary>
    public ExactlyOnceWorkerSourceTask(ConnectorTaskId id, SourceTask task, SourceTaskSetup setup, TransactionSetup transactions, ITaskListener listener, TimeProvider time, ILogger logger)
        : base(id, task, setup, listener, time, logger)
    {
        _transactions = transactions;
        _context = transactions.Boundary == TransactionBoundary.Connector ? new TransactionContext() : null;
    }

    private protected override TransactionContext? Transactions => _context;

    /// <inheritdoc/>
    void IDeliveryHandler.OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
    {
        // An error comes out of the commit.
        if (error is null && state is Sent sent) sent.Place = new RecordPlace(report.TopicPartition.Topic, report.TopicPartition.Partition, report.Offset);
    }

    /// <inheritdoc/>
    protected override async Task CloseAsync(Exception? error)
    {
        using var limit = new CancellationTokenSource(Setup.FlushTimeout, Time);
        try
        {
            if (error is null && _isOpen) await EndFinallyAsync(limit.Token);
        }
        catch (Exception failure) when (failure is ConnectException or OperationCanceledException)
        {
            // What was not committed is sent again after a restart: its offsets are not committed either.
            TaskLog.CommitFailed(Logger, Id, failure.Message);
        }

        await Setup.Producer.CloseAsync(TimeSpan.Zero);
    }

    private protected override async Task PrepareAsync()
    {
        await _transactions.Preflight.FenceAsync(Stopping);
        await Setup.Producer.InitTransactionsAsync(Stopping);
        await _transactions.Preflight.VerifyAsync(Stopping);
    }

    private protected override async ValueTask SendAsync(SourceRecord record)
    {
        var sent = new Sent(record);
        if (await Conversion.ConvertAsync(record, Stopping) is { } converted)
        {
            if (converted.Topic == _transactions.OffsetsTopic)
                throw new ConnectException("Source tasks may not produce to their own offsets topics when exactly-once support is enabled");
            Begin();
            await Setup.Producer.EnqueueAsync(converted, this, sent, Stopping);
        }

        _sent.Add(sent);
        if (record.SourcePartition is not null && record.SourceOffset is not null)
            _offsets[new ByteKey(OffsetKeys.Key(Id.Connector, record.SourcePartition))] = OffsetKeys.Value(record.SourceOffset);
        if (_context is null) return;
        var (commits, aborts) = _context.Take(record);
        await EndWhereAskedAsync(commits, aborts, Stopping);
    }

    private protected override Task AfterBatchAsync() => EndBatchAsync(Stopping);

    // An open transaction would hold up readers, and end by its time-out.
    private protected override Task BeforePauseAsync() => EndFinallyAsync(Stopping);

    private async Task EndBatchAsync(CancellationToken cancellationToken)
    {
        if (_context is not null)
        {
            var (commits, aborts) = _context.TakeBatch();
            await EndWhereAskedAsync(commits, aborts, cancellationToken);
        }
        else if (_transactions.Boundary == TransactionBoundary.Poll || Time.GetElapsedTime(LastCommit) >= _transactions.Interval)
        {
            await CommitAsync(cancellationToken);
        }
    }

    // The task stops or stands still: only a connector that sets the boundaries itself may leave a part behind.
    private Task EndFinallyAsync(CancellationToken cancellationToken) => _context is null ? CommitAsync(cancellationToken) : EndBatchAsync(cancellationToken);

    private async Task EndWhereAskedAsync(bool commits, bool aborts, CancellationToken cancellationToken)
    {
        if (aborts && _isOpen)
        {
            await Setup.Producer.AbortTransactionAsync(cancellationToken);
            _isOpen = false;
            TaskLog.TransactionAborted(Logger, Id);
        }

        // The records are dropped, but not to be read again.
        if (commits || aborts) await CommitAsync(cancellationToken);
    }

    private void Begin()
    {
        if (_isOpen) return;
        Setup.Producer.BeginTransaction();
        _isOpen = true;
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        LastCommit = Time.GetTimestamp();
        if (_isOpen || _offsets.Count > 0)
        {
            try
            {
                Begin();
                foreach (var (key, value) in _offsets)
                    await Setup.Producer.EnqueueAsync(new ProducerRecord<byte[]?, byte[]?>(_transactions.OffsetsTopic, key.Bytes, value), this, null, cancellationToken);
                await Setup.Producer.CommitTransactionAsync(cancellationToken);
            }
            catch (Exception error) when (error is KafkaException or TimeoutException)
            {
                throw new ConnectException($"Failed to flush offsets and/or records for task {Id}: {error.Message}", error);
            }

            _isOpen = false;
            _offsets.Clear();
        }

        foreach (var sent in _sent) await Source.CommitRecordAsync(sent.Record, sent.Place);
        _sent.Clear();
        await Source.CommitAsync(cancellationToken);
    }

    private sealed class Sent(SourceRecord record)
    {
        public SourceRecord Record { get; } = record;

        public RecordPlace? Place { get; set; }
    }
}
