using Barnabas.Protocol.Buffers;
using Barnabas.Storage.Disks;
using Barnabas.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Storage.Tests;

/// <summary>Large reads of segments on a real disk: ranges of the file, not copies.</summary>
public sealed class FileMemoryTests : IDisposable
{
    private const int BatchBytes = 32 * 1024;
    private const int ReadBytes = 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-file-memory-").FullName;
    private readonly LogServices _services = StorageFixture.ServicesOn(new PhysicalDisk(), TimeProvider.System, StorageFixture.SmallDecompression());

    public void Dispose()
    {
        _services.Workers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_large_read_is_a_range_of_the_file_with_the_records_that_were_appended()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sockets are sent from files on Linux alone");
        using var log = Filled(100, BatchBytes);
        var seen = new List<string>();
        for (var offset = 0L; offset < 64;)
        {
            using var data = log.Read(offset, ReadBytes, FetchIsolation.LogEnd, true, mayBeInFile: true);
            Assert.True(FileMemory.TryGet(data.Records, out var file, out var start, out var length));
            Assert.Equal((0, data.Records.Length, file.Length), (start, length, length));
            Assert.InRange(length, ReadBytes - 2 * BatchBytes, ReadBytes);
            seen.AddRange(Batches.Values(data.Records));
            offset = data.NextOffset;
            Assert.Equal(offset, seen.Count);
        }

        Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => Value(i, BatchBytes)), seen);
    }

    [Fact]
    public void A_read_ends_before_the_high_watermark()
    {
        using var log = Filled(100, BatchBytes);
        log.UpdateHighWatermark(20);
        using var data = log.Read(0, ReadBytes, FetchIsolation.HighWatermark, true, mayBeInFile: true);
        Assert.Equal(20, data.NextOffset);
        Assert.Equal(20, Batches.Values(data.Records).Count);
    }

    [Fact]
    public void Many_small_batches_are_read_at_once()
    {
        using var log = Filled(4000, 200);
        using var data = log.Read(0, ReadBytes, FetchIsolation.LogEnd, true, mayBeInFile: true);
        Assert.False(FileMemory.TryGet(data.Records, out _, out _, out _));
        Assert.Equal(data.NextOffset, Batches.Values(data.Records).Count);
    }

    [Fact]
    public void A_range_stays_readable_when_its_log_is_closed_and_its_file_deleted()
    {
        var log = Filled(40, BatchBytes);
        using var data = log.Read(0, ReadBytes, FetchIsolation.LogEnd, true, mayBeInFile: true);
        log.Close();
        Directory.Delete(Path.Combine(_folder, "t-0"), recursive: true);
        Assert.Equal(data.NextOffset, Batches.Values(data.Records).Count);
    }

    [Fact]
    public void A_range_that_was_cut_off_meanwhile_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sockets are sent from files on Linux alone");
        using var log = Filled(40, BatchBytes);
        using var data = log.Read(0, ReadBytes, FetchIsolation.LogEnd, true, mayBeInFile: true);
        log.TruncateTo(10);
        Assert.Contains("was cut", Assert.Throws<IOException>(() => data.Records.Span.Length).Message, StringComparison.Ordinal);
    }

    private static string Value(int number, int bytes) => $"{number} ".PadRight(bytes, '.');

    // Opened anew, so that nothing is in memory.
    private UnifiedLog Filled(int batches, int bytes)
    {
        using (var log = Open(new LogOpenOptions()))
        {
            for (var i = 0; i < batches; i++)
                log.AppendAsLeader(Batches.Of(Value(i, bytes)), 0);
            log.Close();
        }

        return Open(new LogOpenOptions(HadCleanShutdown: true));
    }

    private UnifiedLog Open(LogOpenOptions options) => UnifiedLog.Open(
        _services, new LogDirectoryState(_folder, NullLogger.Instance), Path.Combine(_folder, "t-0"), StorageFixture.Partition, StorageFixture.TopicId,
        new LogConfig { SegmentBytes = 64 * 1024 * 1024 }, options);
}
