using System.Text.RegularExpressions;
using Barnabas.Protocol.Compression;
using Barnabas.Storage.Disks;
using Barnabas.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Storage.Tests.Interop;

/// <summary>Apache Kafka's kafka-dump-log reads what Barnabas wrote. BARNABAS_PEERS names the folder that holds <c>kafka/libs</c>.</summary>
public sealed class KafkaDumpLogTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("barnabas-storage-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Apache_Kafka_reads_our_segments_indexes_and_snapshots()
    {
        ApacheKafka.Require();
        var records = WriteLog(clean: true);
        var files = Directory.GetFiles(Path.Combine(_root, "t-0"));
        var logs = files.Where(static f => f.EndsWith(".log", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        Assert.True(logs.Length > 3);
        var indexes = files.Where(static f => f.EndsWith("index", StringComparison.Ordinal)).ToArray();
        Assert.Contains(indexes, static f => f.EndsWith(".txnindex", StringComparison.Ordinal));
        var snapshots = files.Where(static f => f.EndsWith(".snapshot", StringComparison.Ordinal)).ToArray();

        var deep = await ApacheKafka.DumpAsync([.. logs, .. indexes, .. snapshots], "--deep-iteration");
        Assert.Equal(records, Regex.Count(deep, @"\| offset:", RegexOptions.None, TimeSpan.FromSeconds(5)));
        Assert.Contains("producerId: 7", deep, StringComparison.Ordinal);
        Assert.Contains("firstOffset:", deep, StringComparison.Ordinal);
        var sane = await ApacheKafka.DumpAsync(indexes.Where(static f => !f.EndsWith(".txnindex", StringComparison.Ordinal)), "--index-sanity-check");
        Assert.Contains("passed sanity check", sane, StringComparison.Ordinal);
        await ApacheKafka.DumpAsync(indexes.Where(static f => !f.EndsWith(".txnindex", StringComparison.Ordinal)), "--verify-index-only");
    }

    [Fact]
    public async Task Apache_Kafka_reads_the_preallocated_indexes_of_a_running_node()
    {
        ApacheKafka.Require();
        WriteLog(clean: false);
        var last = Directory.GetFiles(Path.Combine(_root, "t-0"), "*.log").Order(StringComparer.Ordinal).Last();
        var index = Path.ChangeExtension(last, ".index");
        Assert.Equal(StorageFixture.Small.SegmentIndexBytes / 8 * 8, new FileInfo(index).Length);
        await ApacheKafka.DumpAsync([index, Path.ChangeExtension(last, ".timeindex")], "--index-sanity-check");
        await ApacheKafka.DumpAsync([index, Path.ChangeExtension(last, ".timeindex")], "--verify-index-only");
    }

    private int WriteLog(bool clean)
    {
        var time = new ManualTime();
        using var workers = new StorageWorkers(time, NullLogger.Instance, 2);
        var services = new LogServices { Disk = new PhysicalDisk(), Time = time, Random = new Random(1), Logger = NullLogger.Instance, Workers = workers };
        var log = UnifiedLog.Open(
            services, new LogDirectoryState(_root, NullLogger.Instance), Path.Combine(_root, "t-0"), StorageFixture.Partition, StorageFixture.TopicId, StorageFixture.Small, new LogOpenOptions());
        var records = 0;
        for (var i = 0; i < 120; i++)
        {
            log.AppendAsLeader(Batches.At(time.NowMs + i * 7 % 50, $"plain {i}"), i / 40);
            log.AppendAsLeader(Batches.Compressed(CompressionType.Gzip, time.NowMs + i, $"zipped {i}", "two"), i / 40);
            log.AppendAsLeader(Batches.Idempotent(7, 0, i, true, time.NowMs, $"transactional {i}"), i / 40);
            records += 4;
            if (i % 10 == 9)
            {
                log.AppendAsLeader(Batches.Marker(i % 20 == 9, 7, 0, time.NowMs), i / 40, AppendOrigin.Coordinator);
                records++;
            }
        }

        log.FlushAsync(log.LogEndOffset).GetAwaiter().GetResult();
        if (clean)
            log.Close();
        else
            log.Dispose();
        return records;
    }
}
