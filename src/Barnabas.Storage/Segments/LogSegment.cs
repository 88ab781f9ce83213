using System.Buffers;
using Barnabas.Storage.Indexes;

namespace Barnabas.Storage.Segments;

/// <summary>
/// One file of batches with its indexes. Appends, truncations and renames happen under the log's lock; reads, on any
/// thread, see everything up to <see cref="Size"/>, which is published after the bytes are written.
/// </summary>
internal sealed partial class LogSegment : IDisposable
{
    private const int ReserveBytes = 1024 * 1024;
    private static readonly byte[] Zeros = new byte[64 * 1024];
    private static readonly ReadOnlyMemory<byte>[] ZerosOfReserve = [.. Enumerable.Repeat<ReadOnlyMemory<byte>>(Zeros, ReserveBytes / Zeros.Length)];

    private readonly IDisk _disk;
    private readonly Lock _fileLock = new();
    private readonly long _rollJitterMs;
    private readonly long _createdMs;
    private IDiskFile? _file;
    private bool _disposed;
    private int _size;
    private int _reserved;
    private int _bytesSinceIndexEntry;
    private TimestampOffset? _maxTimestamp;
    private long? _firstBatchTimestamp;
    private ReadHint? _hint;
    private long _lastModifiedMs;

    public LogSegment(IDisk disk, string directory, long baseOffset, LogConfig config, long rollJitterMs, long nowMs, string suffix = "")
    {
        _disk = disk;
        _rollJitterMs = rollJitterMs;
        _createdMs = nowMs;
        _lastModifiedMs = nowMs;
        Directory = directory;
        Suffix = suffix;
        BaseOffset = baseOffset;
        Offsets = new OffsetIndex(disk, NameOf(LogFileNames.IndexSuffix), baseOffset, config.SegmentIndexBytes);
        Times = new TimeIndex(disk, NameOf(LogFileNames.TimeIndexSuffix), baseOffset, config.SegmentIndexBytes);
        Transactions = new TransactionIndex(disk, NameOf(LogFileNames.TxnIndexSuffix), baseOffset);
    }

    public long BaseOffset { get; }

    public string Directory { get; private set; }

    public string Suffix { get; private set; }

    public OffsetIndex Offsets { get; }

    public TimeIndex Times { get; }

    public TransactionIndex Transactions { get; }

    public string LogPath => NameOf(LogFileNames.LogSuffix);

    /// <summary>Bytes of batches.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>Set once the segment and its indexes are durable to the last byte and nothing will change them.</summary>
    public bool IsFullyFlushed { get; set; }

    /// <summary>When the file was last written, in Unix milliseconds.</summary>
    public long LastModifiedMs => _lastModifiedMs;

    /// <summary>The largest timestamp, or when no record has one the time of the last write.</summary>
    public long LargestTimestamp => MaxTimestamp.Timestamp >= 0 ? MaxTimestamp.Timestamp : _lastModifiedMs;

    /// <summary>The largest timestamp and the last offset of the first batch that has it; (-1, base) without any.</summary>
    public TimestampOffset MaxTimestamp => _maxTimestamp ??= Times.LastEntry;

    /// <summary>Creates the files of a new active segment.</summary>
    public void Create(bool preallocate, int segmentBytes)
    {
        lock (_fileLock)
            _file = _disk.Open(LogPath, DiskFileMode.CreateOrTruncate);
        if (preallocate)
            _file.SetLength(segmentBytes);
        Offsets.CreateActive();
        Times.CreateActive();
        _maxTimestamp = TimestampOffset.Unknown with { Offset = BaseOffset };
    }

    /// <summary>Takes the file's size from the disk.</summary>
    public void OpenExisting(long length, long lastModifiedMs)
    {
        if (length > int.MaxValue)
            throw new InvalidDataException($"{LogPath} has {length} bytes: a segment has at most 2 GiB");
        _size = (int)length;
        _lastModifiedMs = lastModifiedMs;
    }

    public bool ShouldRoll(LogConfig config, int messagesSize, long maxTimestampInMessages, long maxOffsetInMessages, long nowMs)
    {
        var size = Size;
        return size > config.SegmentBytes - messagesSize
            || (size > 0 && TimeWaitedForRoll(nowMs, maxTimestampInMessages) > config.SegmentMs - _rollJitterMs)
            || Offsets.IsFull || Times.IsFull || !Offsets.CanAppendOffset(maxOffsetInMessages);
    }

    /// <summary>Milliseconds between the first batch's timestamp (or else the creation) and the new one (or else now).</summary>
    public long TimeWaitedForRoll(long nowMs, long timestamp)
    {
        if (_firstBatchTimestamp is null && Size > 0)
            _firstBatchTimestamp = ReadFirstBatchTimestamp();
        return _firstBatchTimestamp is >= 0 ? timestamp - _firstBatchTimestamp.Value : nowMs - _createdMs;
    }

    /// <summary>Writes batches at the end with one call and indexes them.</summary>
    /// <param name="records">The batches.</param>
    /// <param name="indexIntervalBytes">How far index entries lie apart.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="reserveUpTo">
    /// The length up to which zeros may be written ahead of the content, 0 for none. Flushing bytes that lie over
    /// others changes nothing in the file system's journal, and so waits for nobody else's writes. The reserve is cut
    /// off when the segment is closed or becomes inactive; after a crash recovery finds zeros there.
    /// </param>
    /// <exception cref="IOException">The disk failed; the segment still ends where it ended.</exception>
    public void Append(ReadOnlySpan<byte> records, int indexIntervalBytes, long nowMs, int reserveUpTo = 0)
    {
        var position = _size;
        if (position + (long)records.Length > _reserved && records.Length <= Zeros.Length && position + (long)records.Length + ReserveBytes <= reserveUpTo)
            Reserve(position + records.Length);
        LogFile().Write(records, position);
        for (var at = 0; at < records.Length;)
        {
            var header = new BatchHeader(records[at..]);
            NoteAppended(header, position + at, indexIntervalBytes);
            at += header.SizeInBytes;
        }

        _lastModifiedMs = nowMs;
        Volatile.Write(ref _size, position + records.Length);
    }

    /// <summary>Ends the life as active segment: a last time index entry, files cut to their content.</summary>
    public void BecomeInactive()
    {
        Times.MaybeAppend(MaxTimestamp.Timestamp, MaxTimestamp.Offset, closing: true);
        Offsets.BecomeInactive();
        Times.BecomeInactive();
        TrimLog();
    }

    /// <summary>Makes the batches durable.</summary>
    public void FlushLog() => LogFile().Flush();

    /// <summary>Makes batches and indexes durable.</summary>
    public void FlushAll()
    {
        LogFile().Flush();
        Offsets.Flush();
        Times.Flush();
        Transactions.Flush();
    }

    /// <summary>Renames all files to another suffix, e.g. <c>.deleted</c>.</summary>
    public void ChangeSuffix(string suffix)
    {
        var oldLog = LogPath;
        Suffix = suffix;
        lock (_fileLock)
        {
            CloseFile();
            if (_disk.FileExists(oldLog))
                _disk.Rename(oldLog, LogPath);
        }

        Offsets.Rename(NameOf(LogFileNames.IndexSuffix));
        Times.Rename(NameOf(LogFileNames.TimeIndexSuffix));
        Transactions.Rename(NameOf(LogFileNames.TxnIndexSuffix));
    }

    /// <summary>Follows a rename of the directory.</summary>
    public void MovedTo(string directory)
    {
        Directory = directory;
        lock (_fileLock)
            CloseFile();
        Offsets.MovedTo(NameOf(LogFileNames.IndexSuffix));
        Times.MovedTo(NameOf(LogFileNames.TimeIndexSuffix));
        Transactions.MovedTo(NameOf(LogFileNames.TxnIndexSuffix));
    }

    public void Delete()
    {
        lock (_fileLock)
        {
            CloseFile();
            _disposed = true;
            _disk.DeleteFile(LogPath);
        }

        Offsets.Delete();
        Times.Delete();
        Transactions.Delete();
    }

    /// <summary>Writes the closing time index entry and cuts the indexes, as at a clean stop.</summary>
    public void CloseCleanly()
    {
        if (Size > 0 || Offsets.Count > 0)
            Times.MaybeAppend(MaxTimestamp.Timestamp, MaxTimestamp.Offset, closing: true);
        Offsets.BecomeInactive();
        Times.BecomeInactive();
        TrimLog();
        FlushAll();
        Dispose();
    }

    public void Dispose()
    {
        lock (_fileLock)
        {
            CloseFile();
            _disposed = true;
        }

        Offsets.Dispose();
        Times.Dispose();
    }

    internal IDiskFile LogFile()
    {
        var file = Volatile.Read(ref _file);
        if (file is not null)
            return file;
        lock (_fileLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _file ??= _disk.Open(LogPath, DiskFileMode.OpenExisting);
        }
    }

    private void Reserve(int from)
    {
        LogFile().Write(ZerosOfReserve, from);
        _reserved = from + ReserveBytes;
    }

    private void TrimLog()
    {
        var file = LogFile();
        if (file.Length != _size)
            file.SetLength(_size);
        _reserved = 0;
    }

    private void NoteAppended(BatchHeader header, int position, int indexIntervalBytes)
    {
        _firstBatchTimestamp ??= header.MaxTimestamp;
        if (header.MaxTimestamp > MaxTimestamp.Timestamp)
            _maxTimestamp = new TimestampOffset(header.MaxTimestamp, header.LastOffset);
        if (_bytesSinceIndexEntry > indexIntervalBytes)
        {
            Offsets.Append(header.LastOffset, position);
            Times.MaybeAppend(MaxTimestamp.Timestamp, MaxTimestamp.Offset, closing: false);
            _bytesSinceIndexEntry = 0;
        }

        _bytesSinceIndexEntry += header.SizeInBytes;
    }

    private long? ReadFirstBatchTimestamp()
    {
        Span<byte> head = stackalloc byte[BatchHeader.Size];
        return LogFile().Read(head, 0) == head.Length ? new BatchHeader(head).MaxTimestamp : null;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        Volatile.Write(ref _file, null);
    }

    private string NameOf(string fileSuffix) => Path.Combine(Directory, LogFileNames.ForOffset(BaseOffset, fileSuffix + Suffix));

    /// <summary>Where the batch after the last read begins, so that a reader going forward needs no index, and how far the system was asked to read ahead.</summary>
    private sealed record ReadHint(long Offset, int Position, int AskedTo);
}
