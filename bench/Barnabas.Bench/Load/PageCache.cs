using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Barnabas.Bench.Load;

/// <summary>The kernel's cache of one file.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    public static void Evict(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // Dirty pages cannot be forgotten.
        RandomAccess.FlushToDisk(handle);
        if (Advise(handle, 0, 0, DontNeed) is not 0 and var error)
            throw new BenchException($"posix_fadvise of {path} failed with {error}");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
