namespace Barnabas.Cli.Server.Memory;

/// <summary>The memory of this process, and how busy it is, as the runtime and the system see it.</summary>
internal interface IProcessMemory
{
    /// <summary>All that was ever allocated on the managed heap, in bytes.</summary>
    long AllocatedBytes { get; }

    /// <summary>The time that all processors together have worked for the process.</summary>
    TimeSpan ProcessorTime { get; }

    /// <summary>What the process holds in memory, in bytes.</summary>
    long ResidentBytes { get; }

    /// <summary>Collects everything and gives free pages back to the system; stops all threads for some milliseconds.</summary>
    void Trim();
}
