using Barnabas.Client.Consumer.Fetching;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Consumer;

/// <summary>
/// Whole record batches of one partition, as they came, without copying or deserializing. Control batches and batches
/// of aborted transactions are left out (by <c>isolation.level</c>). The position moves past each batch when the next
/// one is asked for or this is disposed. All views are good until then; dispose it before the next poll.
/// </summary>
public sealed class FetchedBatches : IDisposable
{
    private readonly FetchedPartition _fetched;
    private readonly Action<FetchedPartition, bool> _release;
    private bool _isRead;
    private bool _isStarted;
    private bool _isDone;
    private bool _isReleased;

    internal FetchedBatches(FetchedPartition fetched, Action<FetchedPartition, bool> release)
    {
        _fetched = fetched;
        _release = release;
        FirstOffset = fetched.NextOffset;
    }

    /// <summary>Where they come from.</summary>
    public TopicPartition TopicPartition => _fetched.State.Partition;

    /// <summary>The first offset that was asked for: the first batch may hold earlier records, which are to be passed over.</summary>
    public long FirstOffset { get; }

    /// <summary>The size of all batches on the wire.</summary>
    public int SizeInBytes => _fetched.SizeInBytes;

    /// <summary>The batch that <see cref="MoveNext"/> found.</summary>
    public RecordBatch Current => _fetched.Batch;

    /// <summary>Finds the next batch.</summary>
    /// <exception cref="KafkaException">It is corrupt.</exception>
    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        if (_isRead) _fetched.SkipBatch();
        var resumed = !_isStarted && _fetched.ReenterBatch();
        _isStarted = true;
        _isRead = resumed || _fetched.MoveNextBatch();
        _isDone = !_isRead;
        return _isRead;
    }

    /// <summary>For <c>foreach</c>.</summary>
    public FetchedBatches GetEnumerator() => this;

    /// <summary>Gives the memory back. Batches not read yet come with the next call.</summary>
    public void Dispose()
    {
        if (_isReleased) return;
        _isReleased = true;
        if (_isRead) _fetched.SkipBatch();
        _release(_fetched, _isDone);
    }
}
