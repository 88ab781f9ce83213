namespace Barnabas.Storage.Disks;

/// <summary>
/// A file system in memory, for brokers inside tests: nothing waits for a device and nothing is left behind. Everything is
/// kept until it is deleted or the disk is collected; flushes do nothing. Any thread may call.
/// </summary>
/// <param name="time">Stamps modifications.</param>
public sealed class MemoryDisk(TimeProvider time) : IDisk
{
    private const long TotalBytes = 1L << 40;

    private readonly Lock _lock = new();
    private readonly MemoryFolder _root = new();
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskFileMode mode)
    {
        lock (_lock)
        {
            var (folder, name) = Parent(path);
            var file = folder.Entries.GetValueOrDefault(name) switch
            {
                MemoryFile existing => existing,
                MemoryFolder => throw new IOException($"{path} is a directory"),
                _ when mode == DiskFileMode.OpenExisting => throw new FileNotFoundException($"Could not find file '{path}'.", path),
                _ => null,
            };
            if (file is null)
                folder.Entries[name] = file = new MemoryFile(time);
            else if (mode == DiskFileMode.CreateOrTruncate)
                file.SetLength(0);
            return new MemoryDiskFile(path, file);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (_lock)
            return Find(path) is MemoryFile;
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (_lock)
            return Find(path) is MemoryFolder;
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (_lock)
        {
            var folder = _root;
            foreach (var part in Parts(path))
            {
                if (!folder.Entries.TryGetValue(part, out var entry))
                    folder.Entries[part] = entry = new MemoryFolder();
                folder = entry as MemoryFolder ?? throw new IOException($"{path}: {part} is a file");
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<DiskEntry> List(string directory)
    {
        lock (_lock)
        {
            var folder = Find(directory) as MemoryFolder ?? throw Missing(directory);
            var entries = new List<DiskEntry>(folder.Entries.Count);
            foreach (var (name, entry) in folder.Entries)
                entries.Add(entry is MemoryFile file ? new DiskEntry(name, false, file.Length, file.LastModifiedMs) : new DiskEntry(name, true, 0, 0));
            return entries;
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            var (folder, name) = Parent(from);
            var (newFolder, newName) = Parent(to);
            if (!folder.Entries.Remove(name, out var entry))
                throw new FileNotFoundException($"Could not find file '{from}'.", from);
            newFolder.Entries[newName] = entry;
        }
    }

    /// <inheritdoc/>
    public bool DeleteFile(string path)
    {
        lock (_lock)
        {
            if (Find(path) is not MemoryFile)
                return false;
            var (folder, name) = Parent(path);
            return folder.Entries.Remove(name);
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        lock (_lock)
        {
            if (Find(path) is not MemoryFolder)
                return;
            var (folder, name) = Parent(path);
            folder.Entries.Remove(name);
        }
    }

    /// <inheritdoc/>
    public void FlushDirectory(string path)
    {
        lock (_lock)
        {
            if (Find(path) is not MemoryFolder)
                throw Missing(path);
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        lock (_lock)
        {
            Open(path, DiskFileMode.OpenOrCreate).Dispose();
            return _locks.Add(path) ? new HeldLock(this, path) : null;
        }
    }

    /// <inheritdoc/>
    public DiskSpace Space(string path) => new(TotalBytes, TotalBytes);

    private static DirectoryNotFoundException Missing(string path) => new($"Could not find a part of the path '{path}'.");

    private static string[] Parts(string path) => path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);

    private object? Find(string path)
    {
        object entry = _root;
        foreach (var part in Parts(path))
        {
            if (entry is not MemoryFolder folder || !folder.Entries.TryGetValue(part, out var next))
                return null;
            entry = next;
        }

        return entry;
    }

    private (MemoryFolder Folder, string Name) Parent(string path)
    {
        var slash = path.LastIndexOf(Path.DirectorySeparatorChar);
        return (Find(path[..Math.Max(slash, 0)]) as MemoryFolder ?? throw Missing(path), path[(slash + 1)..]);
    }

    private sealed class MemoryFolder
    {
        public SortedDictionary<string, object> Entries { get; } = new(StringComparer.Ordinal);
    }

    private sealed class HeldLock(MemoryDisk disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._lock)
                disk._locks.Remove(path);
        }
    }
}
