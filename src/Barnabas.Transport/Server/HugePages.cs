using System.Runtime.InteropServices;

namespace Barnabas.Transport.Server;

/// <summary>
/// Asks Linux for pages of 2 MiB: memory that is filled once from end to end otherwise costs a page fault each 4 KiB, a quarter of
/// the time of a large request.
/// </summary>
internal static unsafe partial class HugePages
{
    private const int AdviseHugePage = 14;

    /// <summary>Advice only: where the system takes none the memory works as before.</summary>
    public static void Advise(byte* bytes, int length)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var page = (nuint)Environment.SystemPageSize;
        var begin = ((nuint)bytes + page - 1) / page * page;
        var end = ((nuint)bytes + (nuint)length) / page * page;
        if (end > begin)
            _ = MemoryAdvise((void*)begin, end - begin, AdviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* address, nuint length, int advice);
}
