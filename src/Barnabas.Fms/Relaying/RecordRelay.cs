using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Fms.Relaying;

/// <summary>
/// Reads a topic, gives each record to a stage and writes what that makes of it to another topic, at least once: an offset
/// is committed only when all outputs up to it are acknowledged. Keys and timestamps stay. One run, for one caller.
/// </summary>
internal sealed class RecordRelay : IAsyncDisposable, IRebalanceListener
{
    private const int OutputBytes = 1024;
    private const int MostOutputBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(50);

    // An outage of the cluster is waited for, not reported.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly RelayOptions _options;
    private readonly IRecordStage _stage;
    private readonly RelayProgress _progress;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Consumer<object?, object?> _consumer;
    private readonly Producer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> _producer;
    private readonly DeliveryWatch _deliveries = new();
    private readonly PooledBuffer _output = new(BufferPool.Shared, OutputBytes, MostOutputBytes);
    private readonly Dictionary<TopicPartition, long> _positions = [];
    private readonly Dictionary<TopicPartition, long> _committed = [];
    private Dictionary<TopicPartition, OffsetAndMetadata>? _flushed;
    private Task _flush = Task.CompletedTask;
    private bool _isDirty;
    private bool _isEnding;
    private long _lastCommit;

    public RecordRelay(RelayOptions options, IRecordStage stage, RelayProgress progress, ClientEnvironment environment)
    {
        _options = options;
        _stage = stage;
        _progress = progress;
        _time = environment.Time;
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Fms.Relay");
        _consumer = new Consumer<object?, object?>(
            new ConsumerOptions
            {
                BootstrapServers = options.BootstrapServers,
                ClientId = options.GroupId,
                GroupId = options.GroupId,
                EnableAutoCommit = false,
                AutoOffsetReset = OffsetReset.Earliest,
                SessionTimeout = TimeSpan.FromSeconds(10),
                HeartbeatInterval = TimeSpan.FromSeconds(1),
            },
            Deserializers.Ignore,
            Deserializers.Ignore,
            environment);
        _producer = new Producer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?>(
            new ProducerOptions
            {
                BootstrapServers = options.BootstrapServers,
                ClientId = options.GroupId,
                EnableIdempotence = true,
                Linger = options.Linger,
                BatchSizeBytes = 256 * 1024,
                DeliveryTimeout = Patience,
                MaxBlock = Patience,
                CloseTimeout = TimeSpan.FromSeconds(5),
            },
            Serializers.Memory,
            Serializers.Memory,
            environment);
    }

    /// <summary>Relays until asked to stop; then what was read is delivered and committed.</summary>
    /// <exception cref="KafkaException">An output was not delivered, or the cluster refuses for good. Start anew: nothing is lost.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        _progress.OnStart();
        _consumer.Subscribe([_options.InputTopic], this);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var batches = await _consumer.PollBatchesAsync(PollTimeout, stop);
                if (batches is not null)
                    await RelayAsync(batches, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }

            CommitWhenDue();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
        await CommitNowAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        await _producer.DisposeAsync();
        await _consumer.DisposeAsync();
        _output.Dispose();
    }

    public async ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var committed = await _consumer.CommittedAsync(partitions, cancellationToken: cancellationToken);
        foreach (var partition in partitions)
        {
            _stage.Forget(partition.Partition);
            if (committed.GetValueOrDefault(partition) is not { } offset)
                continue;
            _committed[partition] = offset.Offset;
            if (_stage.WarmUpRecords > 0 && offset.Offset > 0)
                _consumer.Seek(partition, Math.Max(0, offset.Offset - _stage.WarmUpRecords));
        }
    }

    public async ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        // The consumer tells so when it is closed too; what could be committed has been by then.
        if (!_isEnding)
            await CommitNowAsync(cancellationToken);
        Drop(partitions);
    }

    public ValueTask OnPartitionsLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        Drop(partitions);
        return ValueTask.CompletedTask;
    }

    private void Drop(IReadOnlyCollection<TopicPartition> partitions)
    {
        _flushed = null;
        _isDirty = true;
        foreach (var partition in partitions)
        {
            _positions.Remove(partition);
            _committed.Remove(partition);
            _stage.Forget(partition.Partition);
        }
    }

    private async ValueTask RelayAsync(FetchedBatches batches, CancellationToken stop)
    {
        var partition = batches.TopicPartition;
        var from = batches.FirstOffset;
        var done = _committed.GetValueOrDefault(partition);
        while (batches.MoveNext())
        {
            var records = batches.Current.Records().GetEnumerator();
            try
            {
                while (records.MoveNext())
                {
                    if (records.Current.Offset < from)
                        continue;
                    if (Take(partition.Partition, records.Current, done) is { } record && !_producer.TryEnqueue(record, _deliveries))
                        await _producer.EnqueueAsync(record, _deliveries, null, stop);
                }
            }
            finally
            {
                records.Dispose();
            }

            if (batches.Current.NextOffset <= done)
                continue;
            _positions[partition] = batches.Current.NextOffset;
            _isDirty = true;
        }
    }

    // Null where there is nothing to send.
    private ProducerRecord<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?>? Take(int partition, in RecordView record, long done)
    {
        _output.Clear();
        if (record.Offset < done)
        {
            _stage.Process(partition, record, null);
            return null;
        }

        _progress.OnRead();
        if (!_stage.Process(partition, record, _output))
            return null;
        _progress.OnWritten();
        return new(_options.OutputTopic, record.Key, _output.WrittenMemory) { Timestamp = record.Timestamp < 0 ? null : record.Timestamp };
    }

    // Goes on while the outputs are under way: what is committed is what was read before the flush began.
    private void CommitWhenDue()
    {
        if (!_flush.IsCompleted)
            return;
        // After the flush: what it waited for may just have failed.
        _deliveries.ThrowIfFailed();
        if (_flushed is { } offsets)
        {
            _flushed = null;
            _consumer.CommitInBackground(offsets, OnCommitted);
        }

        if (!_isDirty || _time.GetElapsedTime(_lastCommit) < _options.CommitInterval)
            return;
        _lastCommit = _time.GetTimestamp();
        _isDirty = false;
        _flushed = Offsets();
        _flush = _producer.FlushAsync();
    }

    private async Task CommitNowAsync(CancellationToken cancellationToken)
    {
        await _producer.FlushAsync(cancellationToken);
        _deliveries.ThrowIfFailed();
        _flushed = null;
        if (_positions.Count > 0)
            await _consumer.CommitAsync(Offsets(), cancellationToken: cancellationToken);
        _isDirty = false;
    }

    private Dictionary<TopicPartition, OffsetAndMetadata> Offsets()
    {
        var offsets = new Dictionary<TopicPartition, OffsetAndMetadata>(_positions.Count);
        foreach (var (partition, offset) in _positions)
            offsets[partition] = new OffsetAndMetadata(offset);
        return offsets;
    }

    private void OnCommitted(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, Exception? error)
    {
        if (error is null)
            return;
        _isDirty = true;
        RelayLog.NotCommitted(_logger, _options.InputTopic, _options.OutputTopic, error.Message);
    }
}
