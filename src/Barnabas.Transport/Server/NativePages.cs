using System.Runtime.InteropServices;

namespace Barnabas.Transport.Server;

/// <summary>
/// Pages of the system, outside every heap. On Linux a mapping for each: enlarging it moves page tables and never bytes, and
/// giving it back gives it back at once. Its pages are of 2 MiB where the system has them: memory that is filled once from end
/// to end otherwise costs a page fault each 4 KiB, a quarter of the time of a large request.
/// </summary>
internal static unsafe partial class NativePages
{
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymous = 2 | 0x20;
    private const int MayMove = 1;
    private const int AdviseHugePage = 14;

    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public static byte* Allocate(nuint length)
    {
        if (!OperatingSystem.IsLinux())
            return (byte*)NativeMemory.Alloc(length);
        var pages = Checked(Map(null, length, ReadWrite, PrivateAnonymous, -1, 0));
        // Advice only, and over the whole mapping: one that is divided by advice cannot be enlarged any more.
        _ = Advise(pages, length, AdviseHugePage);
        return pages;
    }

    /// <summary>Enlarges pages of that length; they may move.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more; the pages stay as they were.</exception>
    public static byte* Enlarge(byte* pages, nuint length, nuint newLength) =>
        OperatingSystem.IsLinux() ? Checked(Remap(pages, length, newLength, MayMove)) : (byte*)NativeMemory.Realloc(pages, newLength);

    public static void Free(byte* pages, nuint length)
    {
        if (!OperatingSystem.IsLinux())
            NativeMemory.Free(pages);
        else if (pages is not null)
            _ = Unmap(pages, length);
    }

    private static byte* Checked(void* pages) => (nint)pages == -1 ? throw new OutOfMemoryException() : (byte*)pages;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mremap")]
    private static partial void* Remap(void* address, nuint length, nuint newLength, int flags);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
