using Barnabas.Connect.Records;

namespace Barnabas.Connect.Tasks;

/// <summary>
/// Remembers which records of each source partition are on their way, in order: an offset may be committed once its
/// record and all before it are in Kafka. The task adds on its thread, the producer acknowledges on its own.
/// </summary>
internal sealed class SubmittedRecords
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Entry>> _byPartition = [];
    private readonly Dictionary<string, Committable> _committable = [];
    private int _unacknowledged;
    private TaskCompletionSource? _drained;

    // Tasks give the same partition again and again. Only the thread that adds reads and writes these.
    private IReadOnlyDictionary<string, object?>? _lastPartition;
    private string _lastKey = "";

    /// <summary>Adds a record; <see cref="Acknowledge"/> the entry when it is in Kafka.</summary>
    public Entry Submit(SourceRecord record)
    {
        var entry = new Entry(record);
        if (record.SourcePartition is null || record.SourceOffset is null) return entry;
        if (!ReferenceEquals(record.SourcePartition, _lastPartition))
        {
            _lastKey = KeyOf(record.SourcePartition);
            _lastPartition = record.SourcePartition;
        }

        entry.PartitionKey = _lastKey;
        lock (_gate)
        {
            if (!_byPartition.TryGetValue(entry.PartitionKey, out var queue)) _byPartition[entry.PartitionKey] = queue = new Queue<Entry>();
            queue.Enqueue(entry);
            _unacknowledged++;
        }

        return entry;
    }

    public void Acknowledge(Entry entry)
    {
        if (entry.PartitionKey is null) return;
        lock (_gate)
        {
            if (entry.IsAcknowledged) return;
            entry.IsAcknowledged = true;
            if (--_unacknowledged == 0) _drained?.TrySetResult();
            var queue = _byPartition[entry.PartitionKey];
            SourceRecord? last = null;
            while (queue.TryPeek(out var first) && first.IsAcknowledged) last = queue.Dequeue().Record;
            if (last is not null) _committable[entry.PartitionKey] = new Committable(last.SourcePartition!, last.SourceOffset!);
            if (queue.Count == 0) _byPartition.Remove(entry.PartitionKey);
        }
    }

    /// <summary>The offsets that may be committed now, and forgets them.</summary>
    public IReadOnlyList<Committable> TakeCommittable()
    {
        lock (_gate)
        {
            if (_committable.Count == 0) return [];
            List<Committable> taken = [.. _committable.Values];
            _committable.Clear();
            return taken;
        }
    }

    /// <summary>Takes back offsets whose commit failed, where none newer has come.</summary>
    public void GiveBack(IReadOnlyList<Committable> offsets)
    {
        lock (_gate)
        {
            foreach (var offset in offsets) _committable.TryAdd(KeyOf(offset.Partition), offset);
        }
    }

    /// <summary>Done when everything submitted so far is acknowledged.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_unacknowledged == 0) return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    private static string KeyOf(IReadOnlyDictionary<string, object?> partition)
    {
        if (partition.Count == 1)
            foreach (var (name, value) in partition) return $"{name}={value}";
        return string.Join('\0', partition.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    /// <summary>A record on its way.</summary>
    internal sealed class Entry(SourceRecord record)
    {
        public SourceRecord Record { get; } = record;

        public string? PartitionKey { get; set; }

        public bool IsAcknowledged { get; set; }
    }

    /// <summary>A source partition with its new offset.</summary>
    internal sealed record Committable(IReadOnlyDictionary<string, object?> Partition, IReadOnlyDictionary<string, object?> Offset);
}
