using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Producer;

/// <summary>
/// Sends records to topics, as Kafka's producer: records of a partition are gathered into batches, sent in order, and
/// sent again where that may help; idempotent unless told otherwise. Thread-safe: one producer serves a whole program.
/// </summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed partial class Producer<TKey, TValue> : IAsyncDisposable
{
    private readonly ProducerOptions _options;
    private readonly ClusterClient _cluster;
    private readonly RecordAccumulator _accumulator;
    private readonly Sender _sender;
    private readonly TransactionManager? _transactions;
    private readonly ISerializer<TKey> _keySerializer;
    private readonly ISerializer<TValue> _valueSerializer;
    private readonly CancellationTokenSource _closing = new();
    private int _closed;

    /// <summary>Creates a producer; it connects when the first record comes.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">Options contradict each other, or no bootstrap address is usable.</exception>
    public Producer(ProducerOptions options, ISerializer<TKey> keySerializer, ISerializer<TValue> valueSerializer, ClientEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(keySerializer);
        ArgumentNullException.ThrowIfNull(valueSerializer);
        ArgumentNullException.ThrowIfNull(environment);
        options.Validate();
        _options = options;
        _keySerializer = keySerializer;
        _valueSerializer = valueSerializer;
        _cluster = new ClusterClient(
            options, new ClusterMetadataOptions { AllowAutoTopicCreation = true, TopicMaxIdle = options.MetadataMaxIdle }, environment);
        _accumulator = new RecordAccumulator(options, environment.Random);
        var logger = environment.LoggerFactory.CreateLogger("Barnabas.Client.Producer");
        _transactions = options.TransactionalId is null ? null : new TransactionManager(_cluster, options, _accumulator, logger);
        _sender = new Sender(_cluster, options, _accumulator, _transactions, logger);
        _cluster.Metadata.Updated += OnMetadataUpdated;
        _sender.Start();
    }

    /// <summary>The options it was made with.</summary>
    public ProducerOptions Options => _options;

    /// <summary>The connections below.</summary>
    public ClusterClient Cluster => _cluster;

    /// <summary>Sends everything taken so far without lingering, and waits until all of it was delivered or has failed.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _accumulator.FlushAsync(cancellationToken);

    /// <summary>The partitions of a topic, waiting for metadata up to <c>max.block.ms</c>.</summary>
    /// <exception cref="KafkaTimeoutException">The metadata did not come in time.</exception>
    public async Task<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(string topic, CancellationToken cancellationToken = default)
    {
        using var block = new BlockingTime(_options.MaxBlock, _cluster.Time, cancellationToken, _closing.Token);
        return (await WaitForTopicAsync(topic, block)).Partitions;
    }

    /// <summary>Takes no more records, waits for those taken up to <paramref name="timeout"/>, fails the rest, and closes the connections.</summary>
    public async Task CloseAsync(TimeSpan timeout)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        _accumulator.Close();
        await _closing.CancelAsync();
        await _sender.StopAsync(timeout);
        _cluster.Metadata.Updated -= OnMetadataUpdated;
        await _cluster.DisposeAsync();
    }

    /// <summary>Closes, waiting up to <see cref="ProducerOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(_options.CloseTimeout);

    private void OnMetadataUpdated(ClusterSnapshot snapshot) => _accumulator.Signal.Set();

    private async Task<TopicMetadata> WaitForTopicAsync(string topic, BlockingTime block)
    {
        try
        {
            return await _cluster.Metadata.GetTopicAsync(topic, block.Token);
        }
        catch (OperationCanceledException) when (block.IsOver)
        {
            throw new KafkaTimeoutException($"Topic {topic} not present in metadata after {_options.MaxBlock.TotalMilliseconds:0} ms.");
        }
    }
}
