using System.Runtime.InteropServices;

namespace Barnabas.Storage.Disks;

/// <summary>
/// The machine's file system. Handles are opened with share-delete, so a segment can be renamed and deleted
/// while somebody reads it (on Windows too, since nothing is memory-mapped).
/// </summary>
public sealed class PhysicalDisk : IDisk
{
    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskFileMode mode) => new PhysicalDiskFile(path, mode);

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Wrap(path, static p => Directory.CreateDirectory(p));

    /// <inheritdoc/>
    public IReadOnlyList<DiskEntry> List(string directory)
    {
        var entries = new List<DiskEntry>();
        Wrap(directory, path =>
        {
            foreach (var info in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                var modified = new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeMilliseconds();
                entries.Add(info is FileInfo file
                    ? new DiskEntry(file.Name, false, file.Length, modified)
                    : new DiskEntry(info.Name, true, 0, modified));
            }
        });
        entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) => Wrap(from, path =>
    {
        if (Directory.Exists(path))
            Directory.Move(path, to);
        else
            File.Move(path, to, overwrite: true);
    });

    /// <inheritdoc/>
    public bool DeleteFile(string path)
    {
        if (!File.Exists(path))
            return false;
        Wrap(path, File.Delete);
        return true;
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path))
            Wrap(path, static p => Directory.Delete(p, recursive: true));
    }

    /// <inheritdoc/>
    public void FlushDirectory(string path)
    {
        // Windows journals directory entries itself and offers no such call.
        if (!OperatingSystem.IsWindows())
            UnixSync.FlushDirectory(path);
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public DiskSpace Space(string path)
    {
        var drive = new DriveInfo(Path.GetFullPath(path));
        return new DiskSpace(drive.TotalSize, drive.AvailableFreeSpace);
    }

    private static bool IsSharingViolation(IOException e)
    {
        const int errorSharingViolation = unchecked((int)0x80070020);
        const int linuxAgain = 11;
        const int macAgain = 35;
        return e.HResult == errorSharingViolation || e.HResult == linuxAgain || e.HResult == macAgain
            || e.GetType() == typeof(IOException) && e.Message.Contains("being used by another process", StringComparison.Ordinal);
    }

    // A permission lost at run time is a failing disk to the layers above, which handle IOException alone.
    private static void Wrap(string path, Action<string> action)
    {
        try
        {
            action(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }
    }
}

internal static partial class UnixSync
{
    private const int OpenReadOnly = 0;
    private const int WillNeed = 3;

    public static void FlushDirectory(string path)
    {
        var descriptor = Open(path, OpenReadOnly);
        if (descriptor < 0)
            throw Failure("open", path);
        try
        {
            if (FSync(descriptor) != 0)
                throw Failure("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public static void FlushData(SafeHandle handle, string path)
    {
        if (FDataSync(handle) != 0)
            throw Failure("fdatasync", path);
    }

    /// <summary>Linux alone: others have no such call, or other numbers for it.</summary>
    public static void AdviseWillNeed(SafeHandle handle, long position, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = FAdvise(handle, (nint)position, (nint)length, WillNeed);
    }

    private static IOException Failure(string call, string path) =>
        new($"{call} of {path} failed: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeHandle descriptor);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int FAdvise(SafeHandle descriptor, nint offset, nint length, int advice);
}
