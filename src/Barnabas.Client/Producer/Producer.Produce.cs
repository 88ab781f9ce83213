using Barnabas.Client.Metadata;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

// From the caller to the batch: serialize, choose a partition, append. All of it without waiting while metadata and
// memory are there; the slow path waits for what is missing and tries again.
public sealed partial class Producer<TKey, TValue>
{
    /// <summary>Takes a record and returns when it was delivered.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Ends the waiting for metadata and memory. A record once taken into a batch is on its way, and only its task can be given up.</param>
    /// <exception cref="ProduceException">It was not delivered.</exception>
    /// <exception cref="KafkaException">It was not taken: too large, no such partition, or no metadata or memory within <c>max.block.ms</c> (<see cref="KafkaTimeoutException"/>).</exception>
    /// <exception cref="Serialization.SerializationException">It cannot be serialized.</exception>
    /// <exception cref="ObjectDisposedException">The producer is closed.</exception>
    public Task<DeliveryReport> ProduceAsync(ProducerRecord<TKey, TValue> record, CancellationToken cancellationToken = default)
    {
        var completion = new TaskCompletionSource<DeliveryReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = EnqueueAsync(record, TaskDelivery.Instance, completion, cancellationToken);
        return taken.IsCompletedSuccessfully ? completion.Task : AfterAsync(taken, completion.Task);

        static async Task<DeliveryReport> AfterAsync(ValueTask taken, Task<DeliveryReport> delivery)
        {
            await taken;
            return await delivery;
        }
    }

    /// <summary>Takes a record; the callback is called on the sending loop when it was delivered or has failed.</summary>
    /// <returns>Completes when the record is in a batch: at once, unless metadata or memory have to be waited for.</returns>
    /// <inheritdoc cref="EnqueueAsync(ProducerRecord{TKey, TValue}, IDeliveryHandler?, object?, CancellationToken)"/>
    public ValueTask EnqueueAsync(
        ProducerRecord<TKey, TValue> record, Action<DeliveryReport, KafkaException?> onDelivery, CancellationToken cancellationToken = default) =>
        EnqueueAsync(record, CallbackDelivery.Instance, onDelivery, cancellationToken);

    /// <summary>Takes a record without allocating for it; the handler is told when it was delivered or has failed.</summary>
    /// <param name="record">The record.</param>
    /// <param name="handler">Whom to tell; null when nobody wants to know.</param>
    /// <param name="state">What the handler gets with the report.</param>
    /// <param name="cancellationToken">Ends the waiting for metadata and memory.</param>
    /// <returns>Completes when the record is in a batch: at once, unless metadata or memory have to be waited for.</returns>
    /// <exception cref="KafkaException">It was not taken: too large, no such partition, or no metadata or memory within <c>max.block.ms</c> (<see cref="KafkaTimeoutException"/>).</exception>
    /// <exception cref="Serialization.SerializationException">It cannot be serialized.</exception>
    /// <exception cref="ObjectDisposedException">The producer is closed.</exception>
    public ValueTask EnqueueAsync(ProducerRecord<TKey, TValue> record, IDeliveryHandler? handler, object? state = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        try
        {
            _transactions?.OnProduce();
            return TryEnqueueNow(record, handler, state)
                ? default
                : new ValueTask(EnqueueSlowlyAsync(record, handler, state, cancellationToken));
        }
        catch (Exception e)
        {
            OnRefused(e);
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Takes a record if that needs no waiting; false when metadata or memory are missing.</summary>
    /// <inheritdoc cref="EnqueueAsync(ProducerRecord{TKey, TValue}, IDeliveryHandler?, object?, CancellationToken)"/>
    public bool TryEnqueue(in ProducerRecord<TKey, TValue> record, IDeliveryHandler? handler, object? state = null)
    {
        try
        {
            _transactions?.OnProduce();
            return TryEnqueueNow(record, handler, state);
        }
        catch (KafkaException e)
        {
            OnRefused(e);
            throw;
        }
    }

    // As in Kafka's own producer, what is refused for the record's or the cluster's sake ends its transaction; what the caller did wrong does not.
    private void OnRefused(Exception error)
    {
        if (error is KafkaException refusal)
            _transactions?.OnRefused(refusal);
    }

    private bool TryEnqueueNow(in ProducerRecord<TKey, TValue> record, IDeliveryHandler? handler, object? state)
    {
        ArgumentNullException.ThrowIfNull(record.Topic, nameof(record));
        var reserved = 0;
        return _accumulator.Topic(record.Topic).Line.IsEmpty && TryEnqueue(record, handler, state, ref reserved, out _) == EnqueueStatus.Taken;
    }

    private EnqueueStatus TryEnqueue(in ProducerRecord<TKey, TValue> record, IDeliveryHandler? handler, object? state, ref int reservedBytes, out int neededBytes)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed) != 0, this);
        if (_sender.Fatal is { } fatal)
            throw fatal;
        neededBytes = 0;
        var now = _sender.NowMs;
        var queues = _accumulator.Topic(record.Topic);
        if (queues.ShouldTouch(now))
            Touch(record.Topic);
        if (!_cluster.Metadata.Current.Topics.TryGetValue(record.Topic, out var topic) || topic.Partitions.Count == 0)
            return EnqueueStatus.NeedsMetadata;
        if (record.Partition is { } wanted)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(wanted, nameof(record));
            if (wanted >= topic.Partitions.Count)
                return EnqueueStatus.NeedsMetadata;
        }
        var scratch = SerializationScratch.Take();
        try
        {
            var hasKey = _keySerializer.Serialize(record.Key, scratch.Key, new(record.Topic, IsKey: true));
            var hasValue = _valueSerializer.Serialize(record.Value, scratch.Value, new(record.Topic, IsKey: false));
            ReadOnlySpan<byte> key = scratch.Key.WrittenSpan;
            ReadOnlySpan<byte> value = scratch.Value.WrittenSpan;
            var serialized = new SerializedRecord
            {
                Timestamp = record.Timestamp ?? _cluster.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                HasKey = hasKey,
                Key = key,
                HasValue = hasValue,
                Value = value,
                Headers = record.Headers,
                Handler = handler,
                State = state,
                UpperBoundBytes = RecordSizes.RecordSizeUpperBound(hasKey ? key.Length : -1, hasValue ? value.Length : -1, record.Headers),
            };
            RequireSize(serialized.UpperBoundBytes + RecordBatchLayout.HeaderBytes);
            return Append(serialized, record.Partition, topic, queues, now, ref reservedBytes, out neededBytes);
        }
        finally
        {
            scratch.GiveBack();
        }
    }

    private EnqueueStatus Append(
        in SerializedRecord record, int? wanted, TopicMetadata topic, TopicQueues queues, long now, ref int reservedBytes, out int neededBytes)
    {
        var isSticky = false;
        var partition = wanted ?? ChoosePartition(record, topic, queues, out isSticky);
        var appended = _accumulator.TryAppend(queues.Get(partition), record, now, ref reservedBytes, out neededBytes);
        if (appended is not { } result)
            return EnqueueStatus.NeedsMemory;
        _transactions?.OnTaken();
        if (isSticky)
            queues.Sticky.Count(partition, record.UpperBoundBytes, result.CompletedBatch, topic, queues);
        return EnqueueStatus.Taken;
    }

    private int ChoosePartition(in SerializedRecord record, TopicMetadata topic, TopicQueues queues, out bool isSticky)
    {
        isSticky = false;
        if (_options.Partitioner is { } partitioner)
        {
            var chosen = partitioner.Partition(topic, record.HasKey, record.Key, record.Value);
            return chosen >= 0 && chosen < topic.Partitions.Count
                ? chosen
                : throw new ArgumentException($"The partitioner chose partition {chosen} of topic {topic.Name}, which has {topic.Partitions.Count}.");
        }
        if (record.HasKey && !_options.IgnoreKeys)
            return Murmur2.PartitionForKey(record.Key, topic.Partitions.Count);
        isSticky = true;
        return queues.Sticky.Current(topic, queues);
    }

    private void RequireSize(int bytes)
    {
        if (bytes > _options.MaxRequestSizeBytes)
        {
            throw new KafkaException(
                ErrorCode.MessageTooLarge,
                $"The message is {bytes} bytes when serialized which is larger than {_options.MaxRequestSizeBytes}, which is the value of the max.request.size configuration.");
        }
        if (bytes > _options.BufferMemoryBytes)
        {
            throw new KafkaException(
                ErrorCode.MessageTooLarge,
                $"The message is {bytes} bytes when serialized which is larger than the total memory buffer you have configured with the buffer.memory configuration.");
        }
    }

    private async Task EnqueueSlowlyAsync(ProducerRecord<TKey, TValue> record, IDeliveryHandler? handler, object? state, CancellationToken cancellationToken)
    {
        using var block = new BlockingTime(_options.MaxBlock, _cluster.Time, cancellationToken, _closing.Token);
        using var place = _accumulator.Topic(record.Topic).Line.Enter();
        var reserved = 0;
        try
        {
            await WaitForTurnAsync(place, record, block);
            while (true)
            {
                _transactions?.OnProduceAfterWait();
                switch (TryEnqueue(record, handler, state, ref reserved, out var needed))
                {
                    case EnqueueStatus.Taken:
                        return;
                    case EnqueueStatus.NeedsMetadata:
                        await WaitForPartitionAsync(record, block);
                        break;
                    default:
                        await ReserveAsync(needed - reserved, block);
                        reserved = needed;
                        break;
                }
            }
        }
        catch (OperationCanceledException e) when (_closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException("Producer closed while send in progress", e);
        }
        catch (KafkaException e)
        {
            OnRefused(e);
            throw;
        }
        finally
        {
            if (reserved > 0)
                _accumulator.Memory.Release(reserved);
        }
    }

    private async Task WaitForTurnAsync(CallerLine.Place place, ProducerRecord<TKey, TValue> record, BlockingTime block)
    {
        try
        {
            await place.Turn.WaitAsync(block.Token);
        }
        catch (OperationCanceledException) when (block.IsOver)
        {
            // It is not this record's turn to say what is missing, but those before wait for the same.
            throw new KafkaTimeoutException(_cluster.Metadata.Current.Topics.ContainsKey(record.Topic)
                ? $"Failed to allocate memory within the configured max blocking time {_options.MaxBlock.TotalMilliseconds:0} ms."
                : $"Topic {record.Topic} not present in metadata after {_options.MaxBlock.TotalMilliseconds:0} ms.");
        }
    }

    private async Task WaitForPartitionAsync(ProducerRecord<TKey, TValue> record, BlockingTime block)
    {
        var topic = await WaitForTopicAsync(record.Topic, block);
        try
        {
            while (topic.Partitions.Count <= (record.Partition ?? 0))
            {
                var snapshot = await _cluster.Metadata.RefreshAsync(block.Token);
                if (snapshot.Topics.TryGetValue(record.Topic, out var renewed))
                    topic = renewed;
                if (topic.Partitions.Count <= (record.Partition ?? 0))
                    await Task.Delay(_options.RetryBackoff, _cluster.Time, block.Token);
            }
        }
        catch (OperationCanceledException) when (block.IsOver)
        {
            throw new KafkaTimeoutException(
                $"Partition {record.Partition} of topic {record.Topic} with partition count {topic.Partitions.Count} is not present in metadata after {_options.MaxBlock.TotalMilliseconds:0} ms.");
        }
    }

    private async Task ReserveAsync(int bytes, BlockingTime block)
    {
        try
        {
            await _accumulator.Memory.ReserveAsync(bytes, block.Token);
        }
        catch (OperationCanceledException) when (block.IsOver)
        {
            throw new KafkaTimeoutException(
                $"Failed to allocate {bytes} bytes within the configured max blocking time {_options.MaxBlock.TotalMilliseconds:0} ms. "
                + $"Total memory: {_accumulator.Memory.TotalBytes} bytes. Available memory: {_accumulator.Memory.AvailableBytes} bytes.");
        }
    }

    // Keeps the topic's metadata up to date; an error shows when the topic is waited for.
    private void Touch(string topic)
    {
        if (_cluster.Metadata.Current.Topics.ContainsKey(topic))
            _ = _cluster.Metadata.GetTopicAsync(topic, CancellationToken.None).AsTask();
    }

    private enum EnqueueStatus
    {
        Taken,
        NeedsMetadata,
        NeedsMemory,
    }
}
