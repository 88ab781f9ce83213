using System.Runtime.InteropServices;

namespace Barnabas.Bench.Load;

/// <summary>
/// Has free memory ready. In a virtual machine a page that was free for a while has nothing behind it, and whoever takes
/// it next pays for the host's work: a broker that fills the page cache would be measured by how long ago the one before
/// it freed its files.
/// </summary>
internal static unsafe class FreeMemory
{
    /// <summary>More than any row writes at once.</summary>
    public const long OfARow = 3L << 30;

    private const int PageBytes = 4096;

    /// <summary>Writes to that much memory and gives it back.</summary>
    /// <param name="bytes">At most a quarter of the machine is taken.</param>
    public static void Touch(long bytes)
    {
        bytes = Math.Min(bytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
        var memory = (byte*)NativeMemory.Alloc((nuint)bytes);
        for (var at = 0L; at < bytes; at += PageBytes)
            memory[at] = 1;
        NativeMemory.Free(memory);
    }
}
