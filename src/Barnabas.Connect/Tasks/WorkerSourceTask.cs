using Barnabas.Client.Producer;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;
using Barnabas.Connect.Stores;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

/// <summary>Polls a source task, transforms and converts what it gives, sends it, and commits offsets of what has arrived: at least once.</summary>
public sealed class WorkerSourceTask : AbstractWorkerSourceTask, IDeliveryHandler
{
    private readonly SubmittedRecords _submitted = new();
    private volatile KafkaException? _sendFailure;

    /// <summary>Creates it; nothing runs before it is started.</summary>
    public WorkerSourceTask(ConnectorTaskId id, SourceTask task, SourceTaskSetup setup, ITaskListener listener, TimeProvider time, ILogger logger)
        : base(id, task, setup, listener, time, logger)
    {
    }

    /// <inheritdoc/>
    void IDeliveryHandler.OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
    {
        var entry = (SubmittedRecords.Entry)state!;
        if (error is not null && !Setup.Errors.IsTolerant)
        {
            _sendFailure = error;
            return;
        }

        _submitted.Acknowledge(entry);
        var place = error is null ? new RecordPlace(report.TopicPartition.Topic, report.TopicPartition.Partition, report.Offset) : (RecordPlace?)null;
        _ = Source.CommitRecordAsync(entry.Record, place);
    }

    /// <inheritdoc/>
    protected override async Task CloseAsync(Exception? error)
    {
        using var limit = new CancellationTokenSource(Setup.FlushTimeout, Time);
        try
        {
            await Setup.Producer.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What did not arrive in time is sent again after a restart: its offsets are not committed.
        }

        await CommitAsync(limit.Token);
        await Setup.Producer.CloseAsync(TimeSpan.Zero);
    }

    private protected override async ValueTask SendAsync(SourceRecord record)
    {
        var entry = _submitted.Submit(record);
        if (await Conversion.ConvertAsync(record, Stopping) is { } converted)
        {
            await Setup.Producer.EnqueueAsync(converted, this, entry, Stopping);
            return;
        }

        _submitted.Acknowledge(entry);
        _ = Source.CommitRecordAsync(entry.Record, null);
    }

    private protected override Task AfterBatchAsync() =>
        _sendFailure is { } failure ? throw new ConnectException($"Unrecoverable exception from producer send: {failure.Message}", failure) : CommitWhenDueAsync();

    private protected override Task WhilePausedAsync() => CommitWhenDueAsync();

    private Task CommitWhenDueAsync() => Time.GetElapsedTime(LastCommit) < Setup.FlushInterval ? Task.CompletedTask : CommitAsync(Stopping);

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        LastCommit = Time.GetTimestamp();
        var offsets = _submitted.TakeCommittable();
        if (offsets.Count == 0) return;
        try
        {
            var values = offsets.Select(offset => new KeyValuePair<byte[], byte[]?>(OffsetKeys.Key(Id.Connector, offset.Partition), OffsetKeys.Value(offset.Offset))).ToList();
            await Offsets!.SetAsync(values, cancellationToken);
            await Source.CommitAsync(cancellationToken);
        }
        catch (Exception error) when (error is KafkaException or IOException or OperationCanceledException)
        {
            _submitted.GiveBack(offsets);
            TaskLog.CommitFailed(Logger, Id, error.Message);
        }
    }
}
