using System.Runtime.InteropServices;
using Barnabas.Protocol.Buffers;
using Barnabas.Transport.Server;

namespace Barnabas.Cli.Server.Memory;

/// <summary>The memory of the process that this code runs in.</summary>
internal sealed class ProcessMemory : IProcessMemory
{
    // glibc's; the C libraries of other systems have none.
    private static readonly nint MallocTrim =
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out var trim) ? trim : 0;

    public long AllocatedBytes => GC.GetTotalAllocatedBytes(precise: false);

    public TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    public long ResidentBytes => Environment.WorkingSet;

    public unsafe void Trim()
    {
        ByteArrayPool.Instance.Trim();
        NativeBlockPool.Instance.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // What the compiler took to compile what runs at a start, above all.
        if (MallocTrim != 0) _ = ((delegate* unmanaged<nuint, int>)MallocTrim)(0);
    }
}
