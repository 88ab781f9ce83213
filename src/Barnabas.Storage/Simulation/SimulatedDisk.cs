namespace Barnabas.Storage.Simulation;

/// <summary>
/// A disk in memory that loses power on command: <see cref="Crash"/> keeps any subset of what was not flushed, tears
/// writes at any byte, and treats names in directories the same way. One seed, one outcome. Thread-safe, but only
/// single-threaded use is deterministic.
/// </summary>
public sealed class SimulatedDisk : IDisk
{
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _locks = [];
    private readonly SimulatedDirectoryInode _root = new();
    private int _generation;
    private bool _isPoweredOff;

    /// <summary>An empty disk.</summary>
    /// <param name="random">Decides what survives a crash.</param>
    /// <param name="time">Stamps modifications.</param>
    public SimulatedDisk(Random random, TimeProvider time)
    {
        _random = random;
        _time = time;
    }

    /// <summary>Changes made so far (writes, renames, flushes ...).</summary>
    public long OperationCount { get; private set; }

    /// <summary>The change before which the machine loses power; null for never.</summary>
    public long? CrashAtOperation { get; set; }

    /// <summary>Makes operations on a path fail, as a full or dying disk does; null for a healthy one.</summary>
    public Func<string, bool>? FailsAt { get; set; }

    /// <summary>
    /// Makes the flush of a file fail, null for a healthy disk. As on Linux, what was to be flushed is lost: it is still
    /// read, a later flush succeeds, and a crash takes it away.
    /// </summary>
    public Func<string, bool>? FlushFailsAt { get; set; }

    /// <summary>Told of every range of a file that will be needed soon, as path, position and length.</summary>
    public Action<string, long, long>? Advised { get; set; }

    /// <summary>Loses power and starts again: open files and locks are gone, unflushed changes survive in part.</summary>
    public void Crash()
    {
        lock (_lock)
        {
            _generation++;
            _isPoweredOff = false;
            CrashAtOperation = null;
            _locks.Clear();
            _root.Crash(_random);
        }
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskFileMode mode)
    {
        lock (_lock)
        {
            var (parent, name) = Parent(path);
            if (parent.Entries.TryGetValue(name, out var inode))
            {
                var existing = inode as SimulatedFileInode ?? throw new IOException($"{path} is a directory");
                if (mode == DiskFileMode.CreateOrTruncate)
                {
                    BeforeChange(path);
                    existing.SetLength(0);
                }

                return new OpenFile(this, path, existing);
            }

            if (mode == DiskFileMode.OpenExisting)
                throw new FileNotFoundException($"Could not find file '{path}'.", path);
            BeforeChange(path);
            var created = new SimulatedFileInode { LastModifiedMs = NowMs };
            parent.Add(name, created);
            return new OpenFile(this, path, created);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (_lock)
            return Find(path) is SimulatedFileInode;
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (_lock)
            return Find(path) is SimulatedDirectoryInode;
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (_lock)
        {
            var directory = _root;
            foreach (var part in Parts(path))
            {
                if (!directory.Entries.TryGetValue(part, out var inode))
                {
                    BeforeChange(path);
                    inode = new SimulatedDirectoryInode();
                    directory.Add(part, inode);
                }

                directory = inode as SimulatedDirectoryInode ?? throw new IOException($"{path}: {part} is a file");
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<DiskEntry> List(string directory)
    {
        lock (_lock)
        {
            var inode = Find(directory) as SimulatedDirectoryInode ?? throw new DirectoryNotFoundException($"Could not find a part of the path '{directory}'.");
            var entries = new List<DiskEntry>();
            foreach (var (name, entry) in inode.Entries)
            {
                entries.Add(entry is SimulatedFileInode file
                    ? new DiskEntry(name, false, file.Length, file.LastModifiedMs)
                    : new DiskEntry(name, true, 0, 0));
            }

            return entries;
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            var (parent, oldName) = Parent(from);
            var (newParent, newName) = Parent(to);
            if (!ReferenceEquals(parent, newParent))
                throw new NotSupportedException("Storage renames within a directory alone");
            if (!parent.Entries.ContainsKey(oldName))
                throw new FileNotFoundException($"Could not find file '{from}'.", from);
            BeforeChange(from);
            parent.Rename(oldName, newName);
        }
    }

    /// <inheritdoc/>
    public bool DeleteFile(string path)
    {
        lock (_lock)
        {
            if (Find(path) is not SimulatedFileInode)
                return false;
            BeforeChange(path);
            var (parent, name) = Parent(path);
            parent.Remove(name);
            return true;
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        lock (_lock)
        {
            if (Find(path) is not SimulatedDirectoryInode)
                return;
            BeforeChange(path);
            var (parent, name) = Parent(path);
            parent.Remove(name);
        }
    }

    /// <inheritdoc/>
    public void FlushDirectory(string path)
    {
        lock (_lock)
        {
            var inode = path == "/" ? _root : Find(path) as SimulatedDirectoryInode;
            if (inode is null)
                throw new DirectoryNotFoundException($"Could not find a part of the path '{path}'.");
            BeforeChange(path);
            inode.Flush();
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        Open(path, DiskFileMode.OpenOrCreate).Dispose();
        lock (_lock)
            return _locks.Add(path) ? new HeldLock(this, path, _generation) : null;
    }

    /// <inheritdoc/>
    public DiskSpace Space(string path) => new(1L << 40, 1L << 39);

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private SimulatedInode? Find(string path)
    {
        EnsurePower();
        SimulatedInode inode = _root;
        foreach (var part in Parts(path))
        {
            if (inode is not SimulatedDirectoryInode directory || !directory.Entries.TryGetValue(part, out var next))
                return null;
            inode = next;
        }

        return inode;
    }

    private (SimulatedDirectoryInode Directory, string Name) Parent(string path)
    {
        var slash = path.TrimEnd('/').LastIndexOf('/');
        var directory = Find(path[..Math.Max(slash, 0)]) as SimulatedDirectoryInode
            ?? throw new DirectoryNotFoundException($"Could not find a part of the path '{path}'.");
        return (directory, path[(slash + 1)..]);
    }

    private void BeforeChange(string path)
    {
        EnsurePower();
        if (OperationCount >= CrashAtOperation)
            _isPoweredOff = true;
        EnsurePower();
        OperationCount++;
        if (FailsAt?.Invoke(path) == true)
            throw new IOException($"No space left on device : '{path}'");
    }

    private void EnsurePower()
    {
        if (_isPoweredOff)
            throw new SimulatedCrashException();
    }

    private sealed class HeldLock(SimulatedDisk disk, string path, int generation) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._lock)
            {
                if (generation == disk._generation)
                    disk._locks.Remove(path);
            }
        }
    }

    private sealed class OpenFile(SimulatedDisk disk, string path, SimulatedFileInode inode) : IDiskFile
    {
        private readonly int _generation = disk._generation;
        private bool _isClosed;

        public string Path => path;

        public long Length
        {
            get
            {
                lock (disk._lock)
                {
                    EnsureOpen();
                    return inode.Length;
                }
            }
        }

        public int Read(Span<byte> buffer, long position)
        {
            lock (disk._lock)
            {
                EnsureOpen();
                return inode.Read(buffer, position);
            }
        }

        public void WillNeed(long position, long length) => disk.Advised?.Invoke(path, position, length);

        public void Write(ReadOnlySpan<byte> buffer, long position)
        {
            lock (disk._lock)
            {
                Change();
                inode.Write(buffer, position);
            }
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
        {
            foreach (var buffer in buffers)
            {
                Write(buffer.Span, position);
                position += buffer.Length;
            }
        }

        public void SetLength(long length)
        {
            lock (disk._lock)
            {
                Change();
                inode.SetLength(length);
            }
        }

        public void Flush()
        {
            lock (disk._lock)
            {
                Change();
                if (disk.FlushFailsAt?.Invoke(path) == true)
                {
                    inode.LoseUnflushed();
                    throw new IOException($"Input/output error : '{path}'");
                }

                inode.Flush();
            }
        }

        public void Dispose() => _isClosed = true;

        private void Change()
        {
            EnsureOpen();
            disk.BeforeChange(path);
            inode.LastModifiedMs = disk.NowMs;
        }

        private void EnsureOpen()
        {
            ObjectDisposedException.ThrowIf(_isClosed || _generation != disk._generation, this);
            disk.EnsurePower();
        }
    }
}
