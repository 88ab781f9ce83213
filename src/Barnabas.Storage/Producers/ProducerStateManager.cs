using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Producers;

/// <summary>
/// The producers of one partition: what makes idempotence and transactions work. In memory it follows the log's end;
/// on disk it is the <c>.snapshot</c> files, one at each segment's begin and one from the clean stop. Guarded by the
/// log's lock.
/// </summary>
internal sealed partial class ProducerStateManager
{
    private readonly TopicPartition _partition;
    private readonly TimeProvider _time;
    private readonly Func<ProducerStateOptions> _options;
    private readonly ProducerSnapshots _snapshots;
    private Dictionary<long, ProducerStateEntry>? _producers;
    private SortedDictionary<long, long>? _ongoing; // first offset -> producer
    private SortedDictionary<long, long>? _unreplicated; // first offset -> marker offset
    private long _lastSnapshotOffset;

    public ProducerStateManager(TopicPartition partition, TimeProvider time, Func<ProducerStateOptions> options, ProducerSnapshots snapshots)
    {
        _partition = partition;
        _time = time;
        _options = options;
        _snapshots = snapshots;
    }

    /// <summary>The offset after the last batch that the state knows.</summary>
    public long MapEndOffset { get; set; }

    public int ProducerCount => _producers?.Count ?? 0;

    public ProducerSnapshots Snapshots => _snapshots;

    public IEnumerable<ProducerStateEntry> Producers => _producers is null ? [] : _producers.Values;

    /// <summary>The first offset of a transaction that is open, or ended above the high watermark; -1 without one.</summary>
    public long FirstUnstableOffset
    {
        get
        {
            var undecided = First(_ongoing);
            var unreplicated = First(_unreplicated);
            return undecided < 0 ? unreplicated : unreplicated < 0 ? undecided : Math.Min(undecided, unreplicated);
        }
    }

    public ProducerStateEntry? Find(long producerId) => _producers?.GetValueOrDefault(producerId);

    /// <summary>Starts from the newest sound snapshot not above the log's end; the caller replays from <see cref="MapEndOffset"/>.</summary>
    public void TruncateAndReload(long logStartOffset, long logEndOffset)
    {
        _snapshots.DeleteOutside(logStartOffset, logEndOffset);
        if (logEndOffset != MapEndOffset || _producers is null)
        {
            Clear();
            LoadFromSnapshot(logStartOffset);
        }
        else
        {
            OnLogStartOffsetIncremented(logStartOffset);
        }
    }

    public void TruncateFullyAndStartAt(long offset)
    {
        Clear();
        _snapshots.DeleteOutside(long.MaxValue, -1);
        _lastSnapshotOffset = 0;
        MapEndOffset = offset;
    }

    /// <summary>Writes a snapshot at the end of the state unless there is one.</summary>
    public void TakeSnapshot(bool flush)
    {
        if (MapEndOffset <= _lastSnapshotOffset)
            return;
        _snapshots.Write(MapEndOffset, ProducerSnapshotFile.Encode(_producers is null ? [] : _producers.Values), flush);
        _lastSnapshotOffset = MapEndOffset;
    }

    public void OnHighWatermarkUpdated(long highWatermark)
    {
        if (_unreplicated is not { Count: > 0 })
            return;
        foreach (var first in _unreplicated.Where(t => t.Value < highWatermark).Select(static t => t.Key).ToArray())
            _unreplicated.Remove(first);
    }

    public void OnLogStartOffsetIncremented(long logStartOffset)
    {
        OnHighWatermarkUpdated(logStartOffset);
        if (MapEndOffset < logStartOffset)
            MapEndOffset = logStartOffset;
        _lastSnapshotOffset = _snapshots.LatestOffset ?? logStartOffset;
    }

    public void RemoveExpired(long nowMs)
    {
        RemoveExpiredVerifications(nowMs);
        if (_producers is not { Count: > 0 })
            return;
        foreach (var entry in _producers.Values.Where(e => IsExpired(e, nowMs)).ToArray())
            _producers.Remove(entry.ProducerId);
    }

    /// <summary>What the last stable offset is right after the transaction ends.</summary>
    public long LastStableOffset(CompletedTransaction completed)
    {
        if (_ongoing is not null)
        {
            foreach (var (first, producer) in _ongoing)
            {
                if (producer != completed.ProducerId)
                    return first;
            }
        }

        return completed.LastOffset + 1;
    }

    public void CompleteTransaction(CompletedTransaction completed)
    {
        if (_ongoing is null || !_ongoing.Remove(completed.FirstOffset))
            throw new InvalidOperationException($"Attempted to complete transaction {completed} on partition {_partition} which was not started");
        (_unreplicated ??= [])[completed.FirstOffset] = completed.LastOffset;
    }

    private static long First(SortedDictionary<long, long>? transactions)
    {
        if (transactions is { Count: > 0 })
        {
            foreach (var transaction in transactions)
                return transaction.Key;
        }

        return -1;
    }

    private ProducerStateEntry GetOrAdd(long producerId)
    {
        _producers ??= [];
        if (!_producers.TryGetValue(producerId, out var entry))
            _producers.Add(producerId, entry = new ProducerStateEntry(producerId));
        return entry;
    }

    private void LoadFromSnapshot(long logStartOffset)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        while (_snapshots.LatestOffset is { } latest)
        {
            if (_snapshots.TryRead(latest) is { } entries)
            {
                foreach (var entry in entries)
                {
                    if (IsExpired(entry, nowMs))
                        continue;
                    (_producers ??= [])[entry.ProducerId] = entry;
                    if (entry.CurrentTransactionFirstOffset >= 0)
                        (_ongoing ??= [])[entry.CurrentTransactionFirstOffset] = entry.ProducerId;
                }

                _lastSnapshotOffset = MapEndOffset = latest;
                return;
            }

            _snapshots.Delete(latest);
        }

        _lastSnapshotOffset = MapEndOffset = logStartOffset;
    }

    private bool IsExpired(ProducerStateEntry entry, long nowMs) =>
        entry.CurrentTransactionFirstOffset < 0 && nowMs - entry.LastTimestamp >= _options().ProducerIdExpirationMs;

    private void Clear()
    {
        _producers = null;
        _ongoing = null;
        _unreplicated = null;
    }
}
