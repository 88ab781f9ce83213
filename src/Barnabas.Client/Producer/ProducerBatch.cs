using System.Buffers;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

/// <summary>
/// Records of one partition that travel together. Appended to under its queue's lock while it is open; afterwards the
/// sending loop alone touches it, except for <see cref="Seal"/>, which the thread that filled it calls too.
/// </summary>
internal sealed class ProducerBatch
{
    private const int InitialHandlers = 16;
    private readonly Lock _sealing = new();
    private readonly RecordBatchBuilder _builder;
    private readonly int _targetBytes;
    private readonly CompressionType _compression;
    private readonly bool _isTransactional;
    private PendingDelivery[] _deliveries = ArrayPool<PendingDelivery>.Shared.Rent(InitialHandlers);
    private Memory<byte> _bytes;
    private TaskCompletionSource? _done;
    private bool _sendEndUnknown;
    private bool _released;
    private volatile bool _isTold;
    private volatile List<ProducerBatch>? _parts;

    public ProducerBatch(PartitionQueue queue, RecordBatchOptions options, int targetBytes, int reservedBytes, long order, long createdMs)
    {
        Queue = queue;
        ReservedBytes = reservedBytes;
        Order = order;
        CreatedMs = createdMs;
        _targetBytes = targetBytes;
        _compression = options.Codec.Type;
        _isTransactional = options.IsTransactional;
        _builder = new RecordBatchBuilder(options, Math.Max(targetBytes, RecordBatchLayout.HeaderBytes));
    }

    public PartitionQueue Queue { get; }

    /// <summary>What <c>buffer.memory</c> has lent it.</summary>
    public int ReservedBytes { get; private set; }

    /// <summary>The index of its first record among all records of the partition: batches are sent in this order.</summary>
    public long Order { get; }

    public long CreatedMs { get; }

    /// <summary>Not to be sent again before this moment.</summary>
    public long RetryAtMs { get; set; }

    public int Attempts { get; set; }

    /// <summary>Its place among the partition's batches with sequence numbers. The sending loop's.</summary>
    public long Number { get; set; }

    /// <summary>Why the last try failed. The sending loop's.</summary>
    public KafkaException? LastError { get; set; }

    public int RecordCount => _builder.RecordCount;

    public int SizeInBytes => _builder.SizeInBytes;

    public bool IsFull { get; private set; }

    public bool IsOnWire { get; set; }

    /// <summary>Whether its records have been told; an expired batch may still be on the wire.</summary>
    public bool IsDone { get; private set; }

    public int BaseSequence { get; private set; } = RecordBatchLayout.NoSequence;

    public bool HasSequence => BaseSequence != RecordBatchLayout.NoSequence;

    public double CompressionRatio { get; private set; } = 1;

    /// <summary>Appends if there is room; the first record always has.</summary>
    public bool TryAppend(in SerializedRecord record, double compressionRatio, BufferMemory memory)
    {
        if (RecordCount > 0)
        {
            if (_builder.EstimatedSizeInBytes(compressionRatio) + (long)record.UpperBoundBytes > _targetBytes)
                return false;
            var missing = _builder.UncompressedSizeInBytes + (long)record.UpperBoundBytes - ReservedBytes;
            if (missing > 0)
            {
                var growth = (int)Math.Max(missing, _targetBytes);
                if (!memory.TryReserve(growth))
                    return false;
                ReservedBytes += growth;
            }
        }
        Append(record.Timestamp, record.HasKey, record.Key, record.HasValue, record.Value, record.Headers,
            new PendingDelivery(record.Handler, record.State, record.Timestamp, record.KeyBytes, record.ValueBytes));
        IsFull = _builder.EstimatedSizeInBytes(compressionRatio) >= _targetBytes;
        return true;
    }

    /// <summary>Compresses, once. Throws what the codec throws, to whoever comes first and to all after.</summary>
    public void Seal()
    {
        lock (_sealing)
        {
            var before = _builder.UncompressedSizeInBytes - RecordBatchLayout.HeaderBytes;
            _builder.Seal();
            if (_compression != CompressionType.None && before > 0)
                CompressionRatio = (double)(_builder.SizeInBytes - RecordBatchLayout.HeaderBytes) / before;
        }
    }

    /// <summary>The bytes to send. The producer's numbers are those of the last <see cref="SetSequence"/>.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (_bytes.IsEmpty)
                _bytes = _builder.Build();
            return _bytes;
        }
    }

    /// <summary>Gives the batch its place among the producer's sequence numbers, also anew.</summary>
    public void SetSequence(long producerId, short producerEpoch, int baseSequence)
    {
        BaseSequence = baseSequence;
        if (_bytes.IsEmpty)
        {
            _builder.SetProducerState(producerId, producerEpoch, baseSequence, _isTransactional);
            return;
        }
        // A send that was not seen to end may still read the old bytes.
        if (_sendEndUnknown)
            _bytes = _bytes.ToArray();
        RecordBatchMutator.SetProducerState(_bytes.Span, producerId, producerEpoch, baseSequence);
    }

    /// <summary>From now on the memory is not given back for others to use, since a send may still be reading it.</summary>
    public void MarkSendEndUnknown() => _sendEndUnknown = true;

    /// <summary>Tells all records what became of them; the first outcome counts.</summary>
    /// <param name="baseOffset">The first record's offset, -1 when unknown.</param>
    /// <param name="logAppendTime">The stored timestamp of all records, or -1 for each one's own.</param>
    /// <param name="errorOf">The error of the record with an index; null for none. Null when all are delivered.</param>
    /// <param name="handlerFailed">Told when a handler throws.</param>
    public void Complete(long baseOffset, long logAppendTime, Func<int, KafkaException?>? errorOf, Action<Exception> handlerFailed)
    {
        if (IsDone)
            return;
        IsDone = true;
        var count = RecordCount;
        for (var i = 0; i < count; i++)
        {
            ref readonly var delivery = ref _deliveries[i];
            if (delivery.Handler is not { } handler)
                continue;
            var error = errorOf?.Invoke(i);
            var report = new DeliveryReport(
                Queue.Partition,
                error is null && baseOffset >= 0 ? baseOffset + i : -1,
                logAppendTime >= 0 ? logAppendTime : delivery.Timestamp,
                delivery.KeyBytes,
                delivery.ValueBytes);
            try
            {
                handler.OnDelivery(report, error, delivery.State);
            }
            catch (Exception e)
            {
                handlerFailed(e);
            }
        }
        ReturnDeliveries();
        _isTold = true;
        Interlocked.MemoryBarrier();
        _done?.TrySetResult();
    }

    /// <summary>Completes when all records have been told.</summary>
    public Task WhenDone()
    {
        if (_parts is { } parts)
            return Task.WhenAll(parts.ConvertAll(static part => part.WhenDone()));
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = Interlocked.CompareExchange(ref _done, mine, null) ?? mine;
        if (_isTold)
            done.TrySetResult();
        else if (_parts is { } partsMeanwhile)
            _ = CompleteAfterAsync(partsMeanwhile, done);
        return done.Task;
    }

    /// <summary>Gives the memory back. Returns the bytes that <c>buffer.memory</c> gets back, once.</summary>
    public int Release()
    {
        if (_released)
            return 0;
        _released = true;
        if (_sendEndUnknown)
            _builder.Abandon();
        else
            _builder.Dispose();
        return ReservedBytes;
    }

    /// <summary>
    /// Moves the records into batches of at most about <paramref name="targetBytes"/> each, which take over deliveries,
    /// order and sequence numbers. This batch is over then.
    /// </summary>
    public List<ProducerBatch> Split(RecordBatchOptions options, int targetBytes, long producerId, short producerEpoch)
    {
        var batches = new List<ProducerBatch>();
        ProducerBatch? last = null;
        var index = 0;
        var reserved = ReservedBytes;
        foreach (ref readonly var record in new RecordBatch(Bytes).Records())
        {
            var headers = record.HeaderCount == 0 ? null : record.Headers.ToArray();
            var bound = RecordSizes.RecordSizeUpperBound(record.KeySizeInBytes, record.ValueSizeInBytes, headers);
            if (last is null || last._builder.UncompressedSizeInBytes + (long)bound > targetBytes)
            {
                last = new ProducerBatch(Queue, options, targetBytes, reserved, Order + index, CreatedMs) { Attempts = Attempts, Number = Number };
                reserved = 0;
                batches.Add(last);
            }
            last.Append(record.Timestamp, record.HasKey, record.KeyBytes.Span, record.HasValue, record.ValueBytes.Span, headers, _deliveries[index++]);
        }
        if (HasSequence)
        {
            var sequence = BaseSequence;
            foreach (var batch in batches)
            {
                batch.SetSequence(producerId, producerEpoch, sequence);
                sequence = RecordBatchLayout.IncrementSequence(sequence, batch.RecordCount);
            }
        }
        ReservedBytes = 0;
        ReturnDeliveries();
        return batches;
    }

    /// <summary>A batch that was split is done when its parts are.</summary>
    public void CompleteAs(List<ProducerBatch> parts)
    {
        IsDone = true;
        _parts = parts;
        Interlocked.MemoryBarrier();
        if (_done is { } done)
            _ = CompleteAfterAsync(parts, done);
    }

    private static async Task CompleteAfterAsync(List<ProducerBatch> parts, TaskCompletionSource done)
    {
        foreach (var part in parts)
            await part.WhenDone();
        done.TrySetResult();
    }

    private void Append(
        long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value,
        IReadOnlyList<RecordHeader>? headers, PendingDelivery delivery)
    {
        var index = RecordCount;
        _builder.Append(timestamp, hasKey, key, hasValue, value, headers);
        if (index == _deliveries.Length)
        {
            var larger = ArrayPool<PendingDelivery>.Shared.Rent(index * 2);
            _deliveries.AsSpan().CopyTo(larger);
            ReturnDeliveries();
            _deliveries = larger;
        }
        _deliveries[index] = delivery;
    }

    private void ReturnDeliveries()
    {
        var deliveries = _deliveries;
        _deliveries = [];
        if (deliveries.Length > 0)
            ArrayPool<PendingDelivery>.Shared.Return(deliveries, clearArray: true);
    }
}
