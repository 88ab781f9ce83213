using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Connect.Errors;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Stores;

/// <summary>
/// A compacted topic as a shared log of keys and values: everything in it is read from the beginning and given to one
/// listener, in order per partition; what is written comes back by reading. Safe from any thread; the listener runs on
/// the reading loop.
/// </summary>
public sealed class KafkaLog
{
    private static readonly TimeSpan PollTime = TimeSpan.FromSeconds(1);

    private readonly KafkaLogOptions _options;
    private readonly Action<byte[]?, byte[]?, long> _listener;
    private readonly ClientEnvironment _environment;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private readonly Dictionary<TopicPartition, long> _positions = [];
    private Producer<byte[]?, byte[]?>? _producer;
    private Consumer<byte[]?, byte[]?>? _consumer;
    private AdminClient? _admin;
    private Task _reading = Task.CompletedTask;
    private Exception? _ended;

    /// <summary>Creates it; nothing happens before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Which topic, by which clients.</param>
    /// <param name="listener">Gets each key, value and offset; a null value removes the key.</param>
    /// <param name="environment">What the clients take from the world.</param>
    public KafkaLog(KafkaLogOptions options, Action<byte[]?, byte[]?, long> listener, ClientEnvironment environment)
    {
        _options = options;
        _listener = listener;
        _environment = environment;
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Connect.Stores");
    }

    /// <summary>Creates the topic where it is missing, and reads all of it.</summary>
    /// <exception cref="ConnectException">The topic cannot be created, or is not compacted.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await EnsureTopicAsync(cancellationToken);
        _producer = new Producer<byte[]?, byte[]?>(_options.Producer, Serializers.ByteArray, Serializers.ByteArray, _environment);
        _consumer = new Consumer<byte[]?, byte[]?>(_options.Consumer, Deserializers.ByteArray, Deserializers.ByteArray, _environment);
        if (_options.Consumer.IsolationLevel == IsolationLevel.ReadCommitted) _admin = new AdminClient(_options.Admin, _environment);
        var partitions = (await _consumer.PartitionsForAsync(_options.Topic.Name, cancellationToken: cancellationToken))
            .Select(partition => new TopicPartition(_options.Topic.Name, partition.Partition)).ToList();
        _consumer.Assign(partitions);
        _consumer.SeekToBeginning(partitions);
        foreach (var partition in partitions) _positions[partition] = 0;
        _reading = ReadAsync(_consumer);
        await ReadToEndAsync(cancellationToken);
    }

    /// <summary>Writes a key and value durably.</summary>
    /// <exception cref="ProduceException">It was not written.</exception>
    public Task SendAsync(byte[] key, byte[]? value, CancellationToken cancellationToken = default) =>
        _producer!.ProduceAsync(new ProducerRecord<byte[]?, byte[]?>(_options.Topic.Name, key, value), cancellationToken);

    /// <summary>Done when everything written before is.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _producer!.FlushAsync(cancellationToken);

    /// <summary>Done when the listener has got everything that was in the topic when it was asked.</summary>
    /// <exception cref="ConnectException">Reading has failed.</exception>
    public async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        var waiter = new Waiter();
        lock (_gate)
        {
            if (_ended is not null) throw CannotRead(_ended);
            _waiters.Add(waiter);
        }

        await waiter.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends reading and closes the clients.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        if (_consumer is not null) await _consumer.DisposeAsync();
        if (_producer is not null) await _producer.DisposeAsync();
        if (_admin is not null) await _admin.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task ReadAsync(Consumer<byte[]?, byte[]?> consumer)
    {
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await LookUpEndsAsync(consumer);
                foreach (var record in await consumer.PollAsync(HasWaiters ? TimeSpan.Zero : PollTime, _stopping.Token))
                    _listener(record.Key, record.Value, record.Offset);
                foreach (var partition in _positions.Keys)
                    _positions[partition] = await consumer.PositionAsync(partition, cancellationToken: _stopping.Token);
                CompleteWaiters();
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (KafkaException error)
            {
                StoreLog.ReadFailed(_logger, _options.Topic.Name, error.Message, error);
                var isEnd = !ErrorCodes.IsRetriable(error.ErrorCode);
                FailWaiters(error, isEnd);
                if (isEnd) return;
            }
        }

        FailWaiters(new OperationCanceledException(), isEnd: true);
    }

    private bool HasWaiters
    {
        get
        {
            lock (_gate) return _waiters.Count > 0;
        }
    }

    private async Task LookUpEndsAsync(Consumer<byte[]?, byte[]?> consumer)
    {
        List<Waiter> fresh;
        lock (_gate) fresh = _waiters.FindAll(waiter => waiter.Ends is null);
        if (fresh.Count == 0) return;
        var ends = await EndsAsync(consumer);
        foreach (var waiter in fresh) waiter.Ends = ends;
    }

    // Who reads committed records only is to wait for open transactions, which the end offset of such a reader leaves out.
    private async Task<IReadOnlyDictionary<TopicPartition, long>> EndsAsync(Consumer<byte[]?, byte[]?> consumer)
    {
        if (_admin is null) return await consumer.EndOffsetsAsync([.. _positions.Keys], cancellationToken: _stopping.Token);
        var listed = await _admin.ListOffsetsAsync(_positions.Keys.ToDictionary(partition => partition, _ => OffsetSpec.Latest), cancellationToken: _stopping.Token);
        return listed.ToDictionary(entry => entry.Key, entry => entry.Value.Value.Offset);
    }

    private void CompleteWaiters()
    {
        lock (_gate)
        {
            _waiters.RemoveAll(waiter =>
            {
                if (waiter.Ends is null || waiter.Ends.Any(end => _positions[end.Key] < end.Value)) return false;
                waiter.Done.TrySetResult();
                return true;
            });
        }
    }

    private void FailWaiters(Exception error, bool isEnd)
    {
        lock (_gate)
        {
            if (isEnd) _ended = error;
            foreach (var waiter in _waiters) waiter.Done.TrySetException(CannotRead(error));
            _waiters.Clear();
        }
    }

    private ConnectException CannotRead(Exception cause) => new($"Topic {_options.Topic.Name} could not be read to its end: {cause.Message}", cause);

    private async Task EnsureTopicAsync(CancellationToken cancellationToken)
    {
        await using var admin = new AdminClient(_options.Admin, _environment);
        var created = await admin.CreateTopicsAsync([_options.Topic], cancellationToken: cancellationToken);
        var outcome = created[_options.Topic.Name];
        if (outcome.IsSuccess)
        {
            StoreLog.TopicCreated(_logger, _options.Topic.Name);
            return;
        }

        if (outcome.Error!.ErrorCode != ErrorCode.TopicAlreadyExists)
            throw new ConnectException($"Unable to create topic '{_options.Topic.Name}': {outcome.Error.Message}", outcome.Error);
        var resource = new ConfigResource(ConfigResourceType.Topic, _options.Topic.Name);
        var configs = (await admin.DescribeConfigsAsync([resource], cancellationToken: cancellationToken))[resource].Value;
        var policy = configs.First(config => config.Name == "cleanup.policy").Value;
        if (policy != "compact")
        {
            throw new ConnectException(
                $"Topic '{_options.Topic.Name}' is required to have 'cleanup.policy=compact' to guarantee consistency and durability of its records, but found the topic currently has 'cleanup.policy={policy}'. " +
                "Continuing would likely result in eventually losing data. Change the topic's policy, or the worker's configuration to name another topic.");
        }
    }

    private sealed class Waiter
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyDictionary<TopicPartition, long>? Ends { get; set; }
    }
}
