using Barnabas.Protocol.Buffers;

namespace Barnabas.Storage.Indexes;

/// <summary>
/// What the offset and time index share: fixed-size entries in a file that is preallocated while its segment is
/// active and trimmed afterwards. The active segment's entries are held in memory and reach the file in runs;
/// those of an inactive segment are searched in the file, so that they cost no memory. One writer at a time
/// (the log's lock); readers on any thread.
/// </summary>
internal abstract class IndexFile : IDisposable
{
    private const int PersistEvery = 64;
    private const int BlockBytes = 4096;

    private readonly IDisk _disk;
    private readonly int _entrySize;
    private readonly Lock _lock = new();
    private IDiskFile? _file;
    private byte[]? _memory;
    private int _count;
    private int _persisted;
    private int _maxBytes;
    private bool _disposed;

    protected IndexFile(IDisk disk, string path, long baseOffset, int entrySize, int maxBytes)
    {
        _disk = disk;
        _entrySize = entrySize;
        _maxBytes = RoundDown(maxBytes);
        Path = path;
        BaseOffset = baseOffset;
    }

    public string Path { get; private set; }

    public long BaseOffset { get; }

    public int Count => _count;

    public bool IsFull => _count >= _maxBytes / _entrySize;

    /// <summary>Whether the offset can be written relative to the base.</summary>
    public bool CanAppendOffset(long offset) => offset - BaseOffset is >= 0 and <= int.MaxValue;

    /// <summary>Creates the file, preallocated to its full size, for a new active segment.</summary>
    public void CreateActive()
    {
        lock (_lock)
        {
            ReplaceFile(DiskFileMode.CreateOrTruncate).SetLength(_maxBytes);
            _memory = [];
            _count = _persisted = 0;
        }
    }

    /// <summary>Takes over the file of a segment that gets no more appends.</summary>
    /// <exception cref="CorruptIndexException">The file's size or entries cannot be right.</exception>
    public void OpenInactive(long logSize)
    {
        lock (_lock)
        {
            var file = ReplaceFile(DiskFileMode.OpenExisting);
            var length = file.Length;
            if (length % _entrySize != 0)
                throw new CorruptIndexException($"Index file {Path} is corrupt, found {length} bytes which is neither positive nor a multiple of {_entrySize}");
            _memory = null;
            _count = _persisted = (int)(length / _entrySize);
            if (_count > 0)
            {
                Span<byte> last = stackalloc byte[_entrySize];
                ReadEntry(_count - 1, last);
                CheckLast(last, logSize);
            }

            CloseFile();
        }
    }

    /// <summary>Turns an inactive index into the active segment's: entries to memory, file preallocated.</summary>
    public void BecomeActive(int maxBytes)
    {
        lock (_lock)
        {
            _maxBytes = RoundDown(maxBytes);
            if (_memory is null)
            {
                var memory = new byte[_count * _entrySize];
                var read = File().Read(memory, 0);
                if (read != memory.Length)
                    throw new CorruptIndexException($"Index file {Path} ended after {read} of {memory.Length} bytes");
                _memory = memory;
            }

            File().SetLength(Math.Max(_maxBytes, _count * _entrySize));
        }
    }

    /// <summary>Writes what is pending and cuts the file to its entries; from now on they are searched in the file.</summary>
    public void BecomeInactive()
    {
        lock (_lock)
        {
            if (_memory is null)
                return;
            PersistUnderLock();
            File().SetLength((long)_count * _entrySize);
            _memory = null;
            CloseFile();
        }
    }

    /// <summary>Writes pending entries and makes the file durable.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            if (_memory is not null)
                PersistUnderLock();
            var wasClosed = _file is null;
            File().Flush();
            if (wasClosed)
                CloseFile();
        }
    }

    /// <summary>Forgets all entries, keeping the file active and preallocated.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            var file = ReplaceFile(DiskFileMode.CreateOrTruncate);
            file.SetLength(_maxBytes);
            _memory = [];
            _count = _persisted = 0;
        }
    }

    /// <summary>Gives the file another name, in the same or another directory.</summary>
    public void Rename(string path)
    {
        lock (_lock)
        {
            CloseFile();
            if (_disk.FileExists(Path))
                _disk.Rename(Path, path);
            Path = path;
        }
    }

    /// <summary>Follows a rename of the directory the file is in.</summary>
    public void MovedTo(string path)
    {
        lock (_lock)
        {
            CloseFile();
            Path = path;
        }
    }

    public void Delete()
    {
        lock (_lock)
        {
            CloseFile();
            _disposed = true;
            _disk.DeleteFile(Path);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            CloseFile();
            _disposed = true;
        }
    }

    /// <exception cref="CorruptIndexException">The last entry contradicts the segment.</exception>
    protected abstract void CheckLast(ReadOnlySpan<byte> entry, long logSize);

    /// <summary>Compares the entry with what is looked for: positive when the entry lies after it.</summary>
    protected abstract int Compare(ReadOnlySpan<byte> entry, long target);

    protected bool TryReadLast(Span<byte> entry) => TryReadAt(_count - 1, entry);

    protected bool TryReadAt(int index, Span<byte> entry)
    {
        lock (_lock)
        {
            if (index < 0 || index >= _count)
                return false;
            ReadEntry(index, entry);
            return true;
        }
    }

    /// <summary>The last entry that does not lie after the target, and its number; -1 when there is none.</summary>
    protected int FindFloor(long target, Span<byte> entry)
    {
        lock (_lock)
        {
            var low = 0;
            var high = _count - 1;
            if (_memory is not null)
            {
                var found = Search(_memory, 0, low, high, target);
                if (found >= 0)
                    _memory.AsSpan(found * _entrySize, _entrySize).CopyTo(entry);
                return found;
            }

            // Narrow by single reads until what is left fits one block.
            while ((high - low + 1) * _entrySize > BlockBytes)
            {
                var middle = low + (high - low) / 2;
                ReadEntry(middle, entry);
                if (Compare(entry, target) > 0)
                    high = middle - 1;
                else
                    low = middle;
            }

            if (high < low)
                return -1;
            var block = ByteArrayPool.Instance.Rent((high - low + 1) * _entrySize);
            try
            {
                var bytes = block.AsSpan(0, (high - low + 1) * _entrySize);
                if (File().Read(bytes, (long)low * _entrySize) != bytes.Length)
                    throw new CorruptIndexException($"Index file {Path} is shorter than its {_count} entries");
                var found = Search(bytes, low, low, high, target);
                if (found >= 0)
                    bytes.Slice((found - low) * _entrySize, _entrySize).CopyTo(entry);
                return found;
            }
            finally
            {
                ByteArrayPool.Instance.Return(block);
            }
        }
    }

    protected void AppendEntry(ReadOnlySpan<byte> entry)
    {
        lock (_lock)
        {
            var memory = _memory ?? throw new InvalidOperationException($"Index {Path} belongs to an inactive segment");
            var end = _count * _entrySize;
            if (end + _entrySize > memory.Length)
            {
                Array.Resize(ref memory, Math.Max(8 * _entrySize, memory.Length * 2));
                _memory = memory;
            }

            entry.CopyTo(memory.AsSpan(end));
            _count++;
            if (_count - _persisted >= PersistEvery)
                PersistUnderLock();
        }
    }

    /// <summary>Keeps the first entries and wipes the rest, on disk too.</summary>
    protected void TruncateToCount(int count)
    {
        lock (_lock)
        {
            if (count >= _count)
                return;
            if (_memory is null)
            {
                var memory = new byte[count * _entrySize];
                File().Read(memory, 0);
                _memory = memory;
            }

            _count = count;
            _persisted = Math.Min(_persisted, count);
            File().SetLength((long)count * _entrySize);
            File().SetLength(_maxBytes);
        }
    }

    private int Search(ReadOnlySpan<byte> entries, int first, int low, int high, long target)
    {
        var found = -1;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            if (Compare(entries.Slice((middle - first) * _entrySize, _entrySize), target) > 0)
            {
                high = middle - 1;
            }
            else
            {
                found = middle;
                low = middle + 1;
            }
        }

        return found;
    }

    private void ReadEntry(int index, Span<byte> entry)
    {
        if (_memory is not null)
            _memory.AsSpan(index * _entrySize, _entrySize).CopyTo(entry);
        else if (File().Read(entry, (long)index * _entrySize) != _entrySize)
            throw new CorruptIndexException($"Index file {Path} is shorter than its {_count} entries");
    }

    private void PersistUnderLock()
    {
        if (_persisted == _count)
            return;
        File().Write(_memory.AsSpan(_persisted * _entrySize, (_count - _persisted) * _entrySize), (long)_persisted * _entrySize);
        _persisted = _count;
    }

    private IDiskFile File()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _file ??= _disk.Open(Path, DiskFileMode.OpenExisting);
    }

    private IDiskFile ReplaceFile(DiskFileMode mode)
    {
        CloseFile();
        return _file = _disk.Open(Path, mode);
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }

    private int RoundDown(int bytes) => bytes / _entrySize * _entrySize;
}
