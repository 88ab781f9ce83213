using Barnabas.Protocol;
using Barnabas.Storage;
using Barnabas.Storage.Disks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Micro;

/// <summary>One log on the machine's disk, in a folder that goes with it.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-micro.").FullName;
    private readonly StorageWorkers _workers = new(TimeProvider.System, NullLogger.Instance, 1);

    public LogFolder(TailCacheBudget tail)
    {
        var services = new LogServices
        {
            Disk = new PhysicalDisk(),
            Time = TimeProvider.System,
            Random = new Random(1),
            Logger = NullLogger.Instance,
            Workers = _workers,
            TailCache = tail,
        };
        Log = UnifiedLog.Open(
            services, new LogDirectoryState(_folder, NullLogger.Instance), Path.Combine(_folder, "t-0"), new TopicPartition("t", 0), new Uuid(1, 2),
            LogConfig.Default with { SegmentBytes = 64 * 1024 * 1024, RetentionBytes = 64 * 1024 * 1024 }, new LogOpenOptions());
    }

    public UnifiedLog Log { get; }

    public void Dispose()
    {
        Log.Dispose();
        _workers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
