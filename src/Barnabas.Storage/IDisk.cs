namespace Barnabas.Storage;

/// <summary>
/// Everything the storage layer asks of a file system. <see cref="Disks.PhysicalDisk"/> is the machine's;
/// <see cref="Simulation.SimulatedDisk"/> forgets and tears unflushed writes at a crash. All members may be
/// called from any thread and throw <see cref="IOException"/> when the disk fails.
/// </summary>
public interface IDisk
{
    /// <summary>Opens a file for reading and writing.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="mode">Whether the file must exist, may exist or is emptied.</param>
    /// <exception cref="FileNotFoundException">The file is absent and <paramref name="mode"/> demands it.</exception>
    IDiskFile Open(string path, DiskFileMode mode);

    /// <summary>Whether a file (not a directory) is at the path.</summary>
    bool FileExists(string path);

    /// <summary>Whether a directory is at the path.</summary>
    bool DirectoryExists(string path);

    /// <summary>Creates a directory and its missing parents.</summary>
    void CreateDirectory(string path);

    /// <summary>The entries of a directory, sorted by name (ordinal).</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    IReadOnlyList<DiskEntry> List(string directory);

    /// <summary>Renames a file or directory; an existing target file is replaced atomically.</summary>
    /// <exception cref="FileNotFoundException">The source is absent.</exception>
    void Rename(string from, string to);

    /// <summary>Deletes a file; false when it was not there.</summary>
    bool DeleteFile(string path);

    /// <summary>Deletes a directory with everything in it; nothing happens when it is absent.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes the directory's entries (creations, renames, deletions) durable.</summary>
    void FlushDirectory(string path);

    /// <summary>Takes an exclusive lock held until disposal or the end of the process; null when another process has it.</summary>
    IDisposable? TryLock(string path);

    /// <summary>Bytes in total and bytes usable on the volume that holds the path.</summary>
    DiskSpace Space(string path);
}

/// <summary>How <see cref="IDisk.Open"/> treats an existing or absent file.</summary>
public enum DiskFileMode
{
    /// <summary>The file must exist.</summary>
    OpenExisting,

    /// <summary>The file is created empty when absent.</summary>
    OpenOrCreate,

    /// <summary>The file is created, and emptied when present.</summary>
    CreateOrTruncate,
}

/// <summary>One entry of a directory.</summary>
/// <param name="Name">The name without its directory.</param>
/// <param name="IsDirectory">Whether the entry is a directory.</param>
/// <param name="Length">The file's length in bytes; 0 for directories.</param>
/// <param name="LastModifiedMs">Last modification in Unix milliseconds.</param>
public readonly record struct DiskEntry(string Name, bool IsDirectory, long Length, long LastModifiedMs);

/// <summary>Space of a volume in bytes.</summary>
/// <param name="TotalBytes">The size of the volume.</param>
/// <param name="UsableBytes">What this process may still write.</param>
public readonly record struct DiskSpace(long TotalBytes, long UsableBytes);
