using Barnabas.Protocol.Buffers;

namespace Barnabas.Cli.Server.Memory;

/// <summary>The memory of the process that this code runs in.</summary>
internal sealed class ProcessMemory : IProcessMemory
{
    public long AllocatedBytes => GC.GetTotalAllocatedBytes(precise: false);

    public long ResidentBytes => Environment.WorkingSet;

    public void Trim()
    {
        ByteArrayPool.Instance.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
