using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Barnabas.Bench.Load;

/// <summary>The kernel's cache of files.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Has the system write all that is not on the disk yet: half a minute later it would do so by itself, in the middle of another row.</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void WriteAll();

    /// <summary>Writes a file to the disk and forgets it.</summary>
    public static void Evict(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Evict(file);
    }

    /// <summary>Writes an open file to the disk and forgets it.</summary>
    public static void Evict(SafeFileHandle file)
    {
        // Dirty pages cannot be forgotten.
        RandomAccess.FlushToDisk(file);
        if (Advise(file, 0, 0, DontNeed) is not 0 and var error)
            throw new BenchException($"posix_fadvise failed with {error}");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
