using System.Collections.Concurrent;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

/// <summary>All batches of a producer, from the first record until everyone has been told. Thread-safe.</summary>
internal sealed class RecordAccumulator(ProducerOptions options, Random random)
{
    private readonly ConcurrentDictionary<string, TopicQueues> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<PartitionQueue> _activated = new();
    private readonly Lock _gate = new();
    private readonly HashSet<ProducerBatch> _incomplete = [];
    private int _flushes;
    private volatile bool _isClosed;

    public BufferMemory Memory { get; } = new(options.BufferMemoryBytes);

    /// <summary>About how large a batch gets. A batch size of 0 makes batches of one record.</summary>
    public int BatchBytes { get; } = Math.Max(1, options.BatchSizeBytes);

    public RecordBatchOptions BatchOptions { get; } = new()
    {
        Codec = CompressionCodecs.Create(options.Compression, options.CompressionLevel ?? CompressionTypes.DefaultLevel(options.Compression)),
        IsTransactional = options.TransactionalId is not null,
    };

    /// <summary>Wakes the sending loop.</summary>
    public AsyncSignal Signal { get; } = new();

    /// <summary>Whether somebody waits for everything to be sent.</summary>
    public bool IsFlushing => Volatile.Read(ref _flushes) > 0;

    public TopicQueues Topic(string topic) => _topics.TryGetValue(topic, out var queues)
        ? queues
        : _topics.GetOrAdd(topic, new TopicQueues(topic, this, new StickyPartition(random, BatchBytes, options.AdaptivePartitioning)));

    public AppendResult? TryAppend(PartitionQueue queue, in SerializedRecord record, long nowMs, ref int reservedBytes, out int neededBytes)
    {
        var result = queue.TryAppend(record, nowMs, ref reservedBytes, out neededBytes);
        if (result is { } appended && (appended.IsNewBatch || appended.CompletedBatch))
        {
            if (queue.TryActivate())
                _activated.Enqueue(queue);
            Signal.Set();
        }
        else if (result is null)
        {
            Signal.Set();
        }
        return result;
    }

    /// <summary>Whether no more records are taken.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Takes no more records: when this returns, no append is under way.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var topic in _topics.Values)
            topic.WaitForAppends();
    }

    /// <summary>Moves queues that came into use to the sending loop's list.</summary>
    public void CollectActivated(List<PartitionQueue> active)
    {
        while (_activated.TryDequeue(out var queue))
            active.Add(queue);
    }

    public void Add(ProducerBatch batch)
    {
        lock (_gate)
            _incomplete.Add(batch);
    }

    /// <summary>A batch is over: its memory goes back.</summary>
    public void Remove(ProducerBatch batch)
    {
        lock (_gate)
            _incomplete.Remove(batch);
        var bytes = batch.Release();
        if (bytes > 0)
            Memory.Release(bytes);
    }

    /// <summary>
    /// Compresses a batch on the thread that filled it. A codec that fails here fails again on the sending loop, which
    /// tells the records.
    /// </summary>
    public void SealInCaller(ProducerBatch batch)
    {
        try
        {
            batch.Seal();
        }
        catch (CompressionUnavailableException)
        {
            Signal.Set();
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _incomplete.Count == 0;
        }
    }

    public List<ProducerBatch> Incomplete()
    {
        lock (_gate)
            return [.. _incomplete];
    }

    /// <summary>Sends everything that is there now, and waits for the outcomes.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _flushes);
        try
        {
            Signal.Set();
            foreach (var topic in _topics.Values)
                await topic.Line.WhenThrough().WaitAsync(cancellationToken);
            Signal.Set();
            foreach (var batch in Incomplete())
                await batch.WhenDone().WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _flushes);
        }
    }
}
