using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Storage.Checkpoints;
using Barnabas.Storage.Epochs;
using Barnabas.Storage.Loading;
using Barnabas.Storage.Producers;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

/// <summary>
/// One partition's log: segments, indexes, leader epochs, producer state. Appends, truncation, retention and
/// configuration changes are serialized by one lock that is never held over an fsync; reads take no lock. Once its
/// log directory fails, every call throws <see cref="KafkaStorageException"/>.
/// </summary>
public sealed partial class UnifiedLog : IDisposable
{
    private readonly LogServices _services;
    private readonly Lock _lock = new();
    private readonly LeaderEpochFileCache _epochs;
    private readonly ProducerStateManager _producers;
    private readonly TailCache _tail;
    private LogSegment[] _segments;
    private LogConfig _config;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _highWatermark;
    private long _firstUnstableOffset = -1;
    private long _bytesAppended;
    private long _recordsAppended;
    private bool _isClosed;

    internal UnifiedLog(LogServices services, LogDirectoryState logDirectory, string directory, LoadedLog loaded, LogConfig config)
    {
        _services = services;
        LogDirectory = logDirectory;
        Directory = directory;
        TopicPartition = loaded.Partition;
        TopicId = loaded.TopicId;
        _config = config;
        _segments = loaded.Segments;
        _epochs = loaded.Epochs;
        _producers = loaded.Producers;
        _logStartOffset = loaded.LogStartOffset;
        _logEndOffset = loaded.LogEndOffset;
        _highWatermark = loaded.LogStartOffset;
        _recoveryPoint = loaded.RecoveryPoint;
        _flushedOffset = loaded.RecoveryPoint;
        _lastFlushMs = services.NowMs;
        _directoryVersion = 1;
        _tail = new TailCache(services.TailCache);
        UpdateFirstUnstableOffset();
    }

    /// <summary>The partition.</summary>
    public TopicPartition TopicPartition { get; }

    /// <summary>The topic's id; zero when the topic has none.</summary>
    public Uuid TopicId { get; private set; }

    /// <summary>The log directory the log is in.</summary>
    public LogDirectoryState LogDirectory { get; }

    /// <summary>The partition's folder.</summary>
    public string Directory { get; private set; }

    /// <summary>The settings in force.</summary>
    public LogConfig Config => Volatile.Read(ref _config);

    /// <summary>The first offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>The offset the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>The offset after the last committed record.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>The offset up to which all transactions are decided; never above the high watermark.</summary>
    public long LastStableOffset
    {
        get
        {
            var unstable = Volatile.Read(ref _firstUnstableOffset);
            var highWatermark = HighWatermark;
            return unstable >= 0 && unstable < highWatermark ? unstable : highWatermark;
        }
    }

    /// <summary>The memory for records of this log that the node itself reads: counted, and never refused.</summary>
    public BufferPool Decompression => _services.Decompression.Unrefused;

    /// <summary>The leader epoch of the last record or the last assignment; null without any.</summary>
    public int? LatestEpoch => _epochs.LatestEpoch;

    /// <summary>All known leader epochs with their first offsets, ascending.</summary>
    public IReadOnlyList<EpochEntry> LeaderEpochs => _epochs.Entries;

    /// <summary>Bytes in all segments.</summary>
    public long SizeInBytes
    {
        get
        {
            var size = 0L;
            foreach (var segment in Segments)
                size += segment.Size;
            return size;
        }
    }

    /// <summary>Bytes appended since the log was opened.</summary>
    public long BytesAppended => Volatile.Read(ref _bytesAppended);

    /// <summary>Offsets given since the log was opened.</summary>
    public long RecordsAppended => Volatile.Read(ref _recordsAppended);

    /// <summary>How many segments there are.</summary>
    public int SegmentCount => Segments.Length;

    /// <summary>The first offset of the oldest segment; not above <see cref="LogStartOffset"/>.</summary>
    public long FirstSegmentBaseOffset => Segments[0].BaseOffset;

    /// <summary>The first offset of the segment that is appended to.</summary>
    public long ActiveSegmentBaseOffset => Segments[^1].BaseOffset;

    internal LogSegment[] Segments => Volatile.Read(ref _segments);

    internal ProducerStateManager ProducerState => _producers;

    private LogSegment Active => _segments[^1];

    /// <summary>
    /// Opens a partition's folder, creating it when absent: leftovers are removed, unflushed segments are checked batch
    /// by batch and cut after the last valid one, unusable indexes are rebuilt.
    /// </summary>
    /// <param name="services">What all logs share.</param>
    /// <param name="logDirectory">The log directory the folder is in.</param>
    /// <param name="directory">The folder.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The topic's id, written to <c>partition.metadata</c> of a new folder; zero for none.</param>
    /// <param name="config">The settings.</param>
    /// <param name="options">What the checkpoints say.</param>
    /// <exception cref="KafkaStorageException">The disk failed, which takes the log directory offline.</exception>
    /// <exception cref="InvalidDataException">The folder belongs to another topic id or holds what no version of Kafka since 0.11 writes.</exception>
    public static UnifiedLog Open(
        LogServices services, LogDirectoryState logDirectory, string directory, TopicPartition partition, Uuid topicId, LogConfig config, LogOpenOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(logDirectory);
        ArgumentNullException.ThrowIfNull(options);
        logDirectory.EnsureOnline();
        try
        {
            var loaded = new LogLoader(services, directory, partition, topicId, config, options).Load();
            var log = new UnifiedLog(services, logDirectory, directory, loaded, config);
            StorageLog.Loaded(services.Logger, partition, loaded.Segments.Length, loaded.LogStartOffset, loaded.LogEndOffset);
            return log;
        }
        catch (IOException e)
        {
            throw logDirectory.Fail($"Error while loading log {partition} in {directory}", e);
        }
    }

    /// <summary>Changes the settings; those of new segments count from the next roll.</summary>
    public void UpdateConfig(LogConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Volatile.Write(ref _config, config);
    }

    /// <summary>Gives the folder its topic id when it has none (a log that was created before ids were known).</summary>
    /// <exception cref="KafkaException">INCONSISTENT_TOPIC_ID: the folder has another id.</exception>
    public void AssignTopicId(Uuid topicId)
    {
        lock (_lock)
        {
            if (TopicId == topicId)
                return;
            if (TopicId != Uuid.Zero)
                throw new KafkaException(ErrorCode.InconsistentTopicId, $"Tried to assign topic ID {topicId} to log for topic partition {TopicPartition}, but log already contained topic ID {TopicId}");
            OnDisk("writing partition.metadata", () => PartitionMetadataFile.Write(_services.Disk, Directory, topicId));
            TopicId = topicId;
        }
    }

    /// <summary>Raises or lowers the high watermark, within the log's bounds.</summary>
    /// <returns>The high watermark in force.</returns>
    public long UpdateHighWatermark(long offset)
    {
        lock (_lock)
            return SetHighWatermark(offset);
    }

    /// <summary>Raises the high watermark to the offset; false when it is not below it.</summary>
    public bool MaybeIncrementHighWatermark(long offset)
    {
        if (offset <= HighWatermark)
            return false;
        lock (_lock)
            return offset > _highWatermark && SetHighWatermark(offset) > 0;
    }

    /// <summary>Closes the files as they are, without flushing (after a failure or for a simulated crash).</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _tail.Clear();
            foreach (var segment in _segments)
                segment.Dispose();
        }
    }

    private long SetHighWatermark(long offset)
    {
        var bounded = Math.Clamp(offset, _logStartOffset, Math.Max(_logStartOffset, _logEndOffset));
        Volatile.Write(ref _highWatermark, bounded);
        _producers.OnHighWatermarkUpdated(bounded);
        UpdateFirstUnstableOffset();
        return bounded;
    }

    private void UpdateFirstUnstableOffset()
    {
        var first = _producers.FirstUnstableOffset;
        Volatile.Write(ref _firstUnstableOffset, first < 0 ? -1 : Math.Max(first, _logStartOffset));
    }

    private void EnsureUsable()
    {
        LogDirectory.EnsureOnline();
        if (_isClosed)
            throw new KafkaStorageException($"The log {TopicPartition} in {Directory} is closed");
    }

    private void OnDisk(string what, Action action)
    {
        try
        {
            action();
        }
        catch (IOException e)
        {
            throw Failed(what, e);
        }
    }

    private KafkaStorageException Failed(string what, IOException cause) =>
        LogDirectory.Fail($"Error while {what} {TopicPartition} in dir {LogDirectory.Path}", cause);
}
