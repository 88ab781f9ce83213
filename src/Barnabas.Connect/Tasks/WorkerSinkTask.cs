using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Connect.Data;
using Barnabas.Connect.ErrorHandling;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

/// <summary>Reads records, converts and transforms them, puts them into a sink task, and commits what that has made durable: at least once.</summary>
public sealed class WorkerSinkTask : WorkerTask, IRebalanceListener, IErrantRecordReporter
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(500);

    private readonly SinkTask _task;
    private readonly SinkTaskSetup _setup;
    private readonly SinkTaskContext _context;
    private readonly Dictionary<TopicPartition, long> _put = [];
    private readonly Dictionary<TopicPartition, long> _committed = [];
    private readonly Dictionary<(TopicPartition Partition, long Offset), ConsumeResult<byte[]?, byte[]?>> _originals = [];
    private readonly HashSet<string> _topics = [];
    private readonly Func<ConsumeResult<byte[]?, byte[]?>, SchemaAndValue> _convertKey;
    private readonly Func<ConsumeResult<byte[]?, byte[]?>, SchemaAndValue> _convertValue;
    private readonly string _keyConverterName;
    private readonly string _valueConverterName;
    private long _lastCommit;

    /// <summary>Creates it; nothing runs before it is started.</summary>
    public WorkerSinkTask(ConnectorTaskId id, SinkTask task, SinkTaskSetup setup, ITaskListener listener, TimeProvider time, ILogger logger)
        : base(id, listener, time, logger)
    {
        _task = task;
        _setup = setup;
        var pipeline = setup.Pipeline;
        _convertKey = result => pipeline.KeyConverter.ToConnectData(result.Topic, ConnectHeaders.Empty, result.Key);
        _convertValue = result => pipeline.ValueConverter.ToConnectData(result.Topic, ConnectHeaders.Empty, result.Value);
        _keyConverterName = pipeline.KeyConverter.GetType().FullName!;
        _valueConverterName = pipeline.ValueConverter.GetType().FullName!;
        _context = new SinkTaskContext
        {
            ConnectorName = id.Connector,
            TaskNumber = id.Task,
            Errants = setup.Errors.IsTolerant ? this : null,
            Time = time,
            Logger = logger,
        };
    }

    /// <inheritdoc/>
    protected override ConnectTask Inner => _task;

    /// <inheritdoc/>
    async ValueTask IRebalanceListener.OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        if (partitions.Count == 0) return;
        await _task.OpenAsync(partitions, cancellationToken);
        if (IsPaused) _setup.Consumer.Pause(partitions);
    }

    /// <inheritdoc/>
    async ValueTask IRebalanceListener.OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        if (partitions.Count == 0) return;
        await CommitAsync(cancellationToken);
        await ForgetAsync(partitions);
    }

    /// <inheritdoc/>
    ValueTask IRebalanceListener.OnPartitionsLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => new(ForgetAsync(partitions));

    /// <inheritdoc/>
    async Task IErrantRecordReporter.ReportAsync(SinkRecord record, Exception error)
    {
        var failure = new RecordFailure(ErrorStage.TaskPut, _task.GetType().FullName!, error, 1);
        if (_originals.TryGetValue((new TopicPartition(record.OriginalTopic, record.OriginalPartition), record.Offset), out var original))
            await SkipAsync(original, failure);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync()
    {
        await _task.StartAsync(_context, _setup.TaskConfigs, Stopping);
        if (_setup.TopicPattern is { } pattern) _setup.Consumer.Subscribe(pattern, this);
        else _setup.Consumer.Subscribe(_setup.Topics, this);
        _lastCommit = Time.GetTimestamp();
        Started();
        TaskLog.Started(Logger, Id);
        var isPaused = IsPaused;
        while (!Stopping.IsCancellationRequested)
        {
            if (IsPaused != isPaused)
            {
                isPaused = IsPaused;
                if (isPaused) _setup.Consumer.Pause(_setup.Consumer.Assignment);
                else _setup.Consumer.Resume(_setup.Consumer.Assignment);
                if (isPaused)
                {
                    await CommitAsync(Stopping);
                    Paused();
                }
                else
                {
                    Started();
                }
            }

            var polled = await _setup.Consumer.PollAsync(PollTime, Stopping);
            var records = await ConvertAsync(polled);
            await PutAsync(records);
            foreach (var result in polled) _put[result.TopicPartition] = result.Offset + 1;
            Seek();
            if (_context.IsCommitRequested || Time.GetElapsedTime(_lastCommit) >= _setup.FlushInterval) await CommitAsync(Stopping);
        }
    }

    /// <inheritdoc/>
    protected override async Task CloseAsync(Exception? error)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), Time);
            if (error is null) await CommitAsync(limit.Token);
            await ForgetAsync(_setup.Consumer.Assignment);
        }
        finally
        {
            await _setup.Consumer.DisposeAsync();
            if (_setup.DeadLetters is not null) await _setup.DeadLetters.CloseAsync();
        }
    }

    private async Task PutAsync(IReadOnlyList<SinkRecord> records)
    {
        while (true)
        {
            try
            {
                await _task.PutAsync(records, Stopping);
                return;
            }
            catch (RetriableException error)
            {
                TaskLog.PutRetried(Logger, Id, error.Message, _context.RetryDelay);
                await Task.Delay(_context.RetryDelay, Time, Stopping);
            }
        }
    }

    private async ValueTask<IReadOnlyList<SinkRecord>> ConvertAsync(IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> polled)
    {
        if (polled.Count == 0) return [];
        _originals.Clear();
        var records = new List<SinkRecord>(polled.Count);
        foreach (var result in polled)
        {
            if (_setup.Errors.IsTolerant) _originals[(result.TopicPartition, result.Offset)] = result;
            if (_topics.Add(result.Topic)) Uses(result.Topic);
            if (await ConvertAsync(result) is { } record) records.Add(record);
        }

        return records;
    }

    private async ValueTask<SinkRecord?> ConvertAsync(ConsumeResult<byte[]?, byte[]?> result)
    {
        var operation = _setup.Tolerance;
        var pipeline = _setup.Pipeline;
        var key = await operation.ExecuteAsync(ErrorStage.KeyConverter, _keyConverterName, result, _convertKey, Stopping);
        if (await HasFailedAsync(result)) return null;
        var value = await operation.ExecuteAsync(ErrorStage.ValueConverter, _valueConverterName, result, _convertValue, Stopping);
        if (await HasFailedAsync(result)) return null;
        var headers = result.Headers.Count == 0
            ? ConnectHeaders.Empty
            : await operation.ExecuteAsync(ErrorStage.HeaderConverter, pipeline.HeaderConverter.GetType().FullName!, result, Headers, Stopping);
        if (await HasFailedAsync(result)) return null;
        var record = new SinkRecord
        {
            Topic = result.Topic,
            Partition = result.Partition,
            OriginalTopic = result.Topic,
            OriginalPartition = result.Partition,
            KeySchema = key.Schema,
            Key = key.Value,
            ValueSchema = value.Schema,
            Value = value.Value,
            Timestamp = result.Timestamp < 0 ? null : result.Timestamp,
            TimestampType = result.TimestampType,
            Offset = result.Offset,
            Headers = headers!,
        };
        if (pipeline.Transforms.IsEmpty) return record;
        var changed = await operation.ExecuteAsync(ErrorStage.Transformation, "transforms", record, r => pipeline.Transforms.Apply(r), Stopping);
        return await HasFailedAsync(result) ? null : (SinkRecord?)changed;
    }

    private ConnectHeaders Headers(ConsumeResult<byte[]?, byte[]?> result) => new(result.Headers.Select(header =>
    {
        var value = _setup.Pipeline.HeaderConverter.ToConnectHeader(result.Topic, header.Key, header.Value?.ToArray());
        return new ConnectHeader(header.Key, value.Schema, value.Value);
    }));

    private async ValueTask<bool> HasFailedAsync(ConsumeResult<byte[]?, byte[]?> result)
    {
        if (_setup.Tolerance.Failure is not { } failure) return false;
        await SkipAsync(result, failure);
        return true;
    }

    private async Task SkipAsync(ConsumeResult<byte[]?, byte[]?> result, RecordFailure failure)
    {
        var stage = ErrorStages.NameOf(failure.Stage);
        if (_setup.Errors is { IsLogged: true, LogsMessages: true })
            TaskLog.NamedRecordSkipped(Logger, Id, $"{result.Topic}-{result.Partition}@{result.Offset}", stage, failure.PluginName, failure.Error.Message);
        else if (_setup.Errors.IsLogged)
            TaskLog.RecordSkipped(Logger, Id, stage, failure.PluginName, failure.Error.Message);
        if (_setup.DeadLetters is not null) await _setup.DeadLetters.WriteAsync(result, failure, Stopping);
    }

    private void Seek()
    {
        foreach (var (partition, offset) in _context.TakeSeeks())
        {
            _setup.Consumer.Seek(partition, offset);
            _put[partition] = offset;
        }
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        _lastCommit = Time.GetTimestamp();
        _context.IsCommitRequested = false;
        if (_put.Count == 0) return;
        var durable = await _task.PreCommitAsync(new Dictionary<TopicPartition, long>(_put), cancellationToken);
        var fresh = durable.Where(offset => _put.ContainsKey(offset.Key) && (!_committed.TryGetValue(offset.Key, out var before) || before != offset.Value)).ToDictionary();
        if (fresh.Count == 0) return;
        try
        {
            await _setup.Consumer.CommitAsync(fresh.ToDictionary(offset => offset.Key, offset => new OffsetAndMetadata(offset.Value)), cancellationToken: cancellationToken);
            foreach (var (partition, offset) in fresh) _committed[partition] = offset;
        }
        catch (KafkaException error)
        {
            TaskLog.CommitFailed(Logger, Id, error.Message);
        }
    }

    private async Task ForgetAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        if (partitions.Count == 0) return;
        foreach (var partition in partitions)
        {
            _put.Remove(partition);
            _committed.Remove(partition);
        }

        await _task.CloseAsync(partitions);
    }
}
