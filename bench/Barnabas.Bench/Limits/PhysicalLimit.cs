namespace Barnabas.Bench.Limits;

/// <summary>What this machine can do at most, measured in the same run.</summary>
internal enum PhysicalLimit
{
    /// <summary>One thread sends, one receives, 1 MiB at a time, in MB/s.</summary>
    LoopbackTcp,

    /// <summary>One thread over 1 MiB, in MB/s.</summary>
    Crc32C,

    /// <summary>1 MiB writes to a new file, nothing waits for the disk, in MB/s.</summary>
    PageCacheWrite,

    /// <summary>1 MiB reads, one after the other, of a file that is not in memory, in MB/s.</summary>
    DiskRead,

    /// <summary>Median of 4 KiB writes with fdatasync each, in records/s.</summary>
    Fsync,

    /// <summary>Median of 64 bytes there and back over loopback, in ms.</summary>
    PingPong,
}
