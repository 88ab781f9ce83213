using Barnabas.Client.Producer;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;
using Barnabas.Connect.Stores;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

/// <summary>Polls a source task, transforms and converts what it gives, sends it, and commits offsets of what has arrived: at least once.</summary>
public sealed class WorkerSourceTask : WorkerTask, IDeliveryHandler
{
    private static readonly TimeSpan PollPause = TimeSpan.FromSeconds(1);

    private readonly SourceTask _task;
    private readonly SourceTaskSetup _setup;
    private readonly SubmittedRecords _submitted = new();
    private readonly OffsetKeys _offsetKeys = new();
    private readonly SourceRecordConversion _conversion;
    private IOffsetStore? _offsets;
    private long _lastCommit;
    private volatile KafkaException? _sendFailure;

    /// <summary>Creates it; nothing runs before it is started.</summary>
    public WorkerSourceTask(ConnectorTaskId id, SourceTask task, SourceTaskSetup setup, ITaskListener listener, TimeProvider time, ILogger logger)
        : base(id, listener, time, logger)
    {
        _task = task;
        _setup = setup;
        _conversion = new SourceRecordConversion(id, setup, Uses, logger);
    }

    /// <inheritdoc/>
    protected override ConnectTask Inner => _task;

    /// <inheritdoc/>
    void IDeliveryHandler.OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
    {
        var entry = (SubmittedRecords.Entry)state!;
        if (error is not null && !_setup.Errors.IsTolerant)
        {
            _sendFailure = error;
            return;
        }

        _submitted.Acknowledge(entry);
        var place = error is null ? new RecordPlace(report.TopicPartition.Topic, report.TopicPartition.Partition, report.Offset) : (RecordPlace?)null;
        _ = _task.CommitRecordAsync(entry.Record, place);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync()
    {
        _offsets = await _setup.Offsets(Stopping);
        var context = new SourceTaskContext
        {
            ConnectorName = Id.Connector,
            TaskNumber = Id.Task,
            Offsets = new OffsetReader(Id.Connector, _offsets),
            Time = Time,
            Logger = Logger,
        };
        await _task.StartAsync(context, _setup.TaskConfigs, Stopping);
        _lastCommit = Time.GetTimestamp();
        Started();
        TaskLog.Started(Logger, Id);
        var isPaused = IsPaused;
        while (!Stopping.IsCancellationRequested)
        {
            if (IsPaused)
            {
                if (!isPaused) Paused();
                isPaused = true;
                await CommitWhenDueAsync();
                await PauseAsync(PollPause);
                continue;
            }

            isPaused = false;
            var records = await PollAsync();
            foreach (var record in records) await SendAsync(record);
            if (_sendFailure is { } failure) throw new ConnectException($"Unrecoverable exception from producer send: {failure.Message}", failure);
            await CommitWhenDueAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task CloseAsync(Exception? error)
    {
        using var limit = new CancellationTokenSource(_setup.FlushTimeout, Time);
        try
        {
            await _setup.Producer.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What did not arrive in time is sent again after a restart: its offsets are not committed.
        }

        await CommitAsync(limit.Token);
        await _setup.Producer.CloseAsync(TimeSpan.Zero);
    }

    private async ValueTask<IReadOnlyList<SourceRecord>> PollAsync()
    {
        try
        {
            return await _task.PollAsync(Stopping);
        }
        catch (RetriableException error)
        {
            TaskLog.PutRetried(Logger, Id, error.Message, PollPause);
            await Task.Delay(PollPause, Time, Stopping);
            return [];
        }
    }

    private async ValueTask SendAsync(SourceRecord record)
    {
        var entry = _submitted.Submit(record);
        if (await _conversion.ConvertAsync(record, Stopping) is { } converted)
        {
            await _setup.Producer.EnqueueAsync(converted, this, entry, Stopping);
            return;
        }

        _submitted.Acknowledge(entry);
        _ = _task.CommitRecordAsync(entry.Record, null);
    }

    private async Task CommitWhenDueAsync()
    {
        if (Time.GetElapsedTime(_lastCommit) < _setup.FlushInterval) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        await CommitAsync(limit.Token);
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        _lastCommit = Time.GetTimestamp();
        var offsets = _submitted.TakeCommittable();
        if (offsets.Count == 0) return;
        try
        {
            var values = offsets.Select(offset => new KeyValuePair<byte[], byte[]?>(_offsetKeys.Key(Id.Connector, offset.Partition), _offsetKeys.Value(offset.Offset))).ToList();
            await _offsets!.SetAsync(values, cancellationToken);
            await _task.CommitAsync(cancellationToken);
        }
        catch (Exception error) when (error is KafkaException or IOException or OperationCanceledException)
        {
            _submitted.GiveBack(offsets);
            TaskLog.CommitFailed(Logger, Id, error.Message);
        }
    }
}
