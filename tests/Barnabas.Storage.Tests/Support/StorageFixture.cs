using System.Buffers;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Storage.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Storage.Tests.Support;

/// <summary>A simulated disk, a manual clock and inline workers: everything happens on the test's thread.</summary>
internal sealed class StorageFixture : IDisposable
{
    public const string LogDir = "/data";
    public static readonly TopicPartition Partition = new("t", 0);
    public static readonly Uuid TopicId = new(1, 2);

    public StorageFixture(int seed = 1)
    {
        Random = new Random(seed);
        Disk = new SimulatedDisk(Random, Time);
        Services = NewServices();
        Disk.CreateDirectory(LogDir);
        Disk.FlushDirectory("/");
    }

    public Random Random { get; }

    public ManualTime Time { get; } = new();

    public SimulatedDisk Disk { get; }

    public BufferPool Decompression { get; } = SmallDecompression();

    public LogServices Services { get; private set; }

    public static LogConfig Small { get; } = new() { SegmentBytes = 2000, SegmentIndexBytes = 960, IndexIntervalBytes = 100, FileDeleteDelayMs = 1000 };

    public LogServices NewServices() => Services = ServicesOn(Disk, Time, Decompression);

    /// <summary>Small enough for a test to use up: a batch may be larger than all of it.</summary>
    public static BufferPool SmallDecompression() => new(ArrayPool<byte>.Shared, maxDecompressedBytes: 4 * 1024 * 1024, maxRentedBytes: 2 * 1024 * 1024);

    /// <summary>Services on any disk; work runs on the caller's thread where no others are given.</summary>
    public static LogServices ServicesOn(IDisk disk, TimeProvider time, BufferPool decompression, StorageWorkers? workers = null) => new()
    {
        Disk = disk,
        Time = time,
        Random = new Random(7),
        Logger = NullLogger.Instance,
        Workers = workers ?? new StorageWorkers(time, NullLogger.Instance, 0),
        Decompression = decompression,
        TailCache = new TailCacheBudget(64 * 1024, 16 * 1024),
    };

    public UnifiedLog Open(LogConfig? config = null, LogOpenOptions? options = null) => UnifiedLog.Open(
        Services, new LogDirectoryState(LogDir, NullLogger.Instance), LogDir + "/t-0", Partition, TopicId, config ?? Small, options ?? new LogOpenOptions());

    /// <summary>A log at whose end somebody reads, so that what is appended is kept in memory.</summary>
    public UnifiedLog OpenAndFollow()
    {
        var log = Open();
        log.Read(0, 0, FetchIsolation.LogEnd, minOneMessage: true).Dispose();
        return log;
    }

    public LogManager NewManager(LogConfig? config = null, params string[] dirs) => new(
        new LogManagerOptions { LogDirs = dirs.Length == 0 ? [LogDir] : dirs, DefaultConfig = config ?? Small, RecoveryThreadsPerDataDir = 0, InitialTaskDelayMs = 1000 }, Services);

    public void Dispose() => Services.Workers.Dispose();
}
