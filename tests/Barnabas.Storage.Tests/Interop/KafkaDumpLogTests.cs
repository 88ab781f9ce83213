using System.Diagnostics;
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
    public void Apache_Kafka_reads_our_segments_indexes_and_snapshots()
    {
        var libs = Libs();
        var records = WriteLog(clean: true);
        var files = Directory.GetFiles(Path.Combine(_root, "t-0"));
        var logs = files.Where(static f => f.EndsWith(".log", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        Assert.True(logs.Length > 3);
        var indexes = files.Where(static f => f.EndsWith("index", StringComparison.Ordinal)).ToArray();
        Assert.Contains(indexes, static f => f.EndsWith(".txnindex", StringComparison.Ordinal));
        var snapshots = files.Where(static f => f.EndsWith(".snapshot", StringComparison.Ordinal)).ToArray();

        var deep = Dump(libs, [.. logs, .. indexes, .. snapshots], "--deep-iteration");
        Assert.Equal(records, Regex.Count(deep, @"\| offset:", RegexOptions.None, TimeSpan.FromSeconds(5)));
        Assert.DoesNotContain("isvalid: false", deep, StringComparison.Ordinal);
        Assert.Contains("producerId: 7", deep, StringComparison.Ordinal);
        Assert.Contains("firstOffset:", deep, StringComparison.Ordinal);
        var sane = Dump(libs, indexes.Where(static f => !f.EndsWith(".txnindex", StringComparison.Ordinal)), "--index-sanity-check");
        Assert.Contains("passed sanity check", sane, StringComparison.Ordinal);
        Dump(libs, indexes.Where(static f => !f.EndsWith(".txnindex", StringComparison.Ordinal)), "--verify-index-only");
    }

    [Fact]
    public void Apache_Kafka_reads_the_preallocated_indexes_of_a_running_node()
    {
        var libs = Libs();
        WriteLog(clean: false);
        var last = Directory.GetFiles(Path.Combine(_root, "t-0"), "*.log").Order(StringComparer.Ordinal).Last();
        var index = Path.ChangeExtension(last, ".index");
        Assert.Equal(StorageFixture.Small.SegmentIndexBytes / 8 * 8, new FileInfo(index).Length);
        Dump(libs, [index, Path.ChangeExtension(last, ".timeindex")], "--index-sanity-check");
        Dump(libs, [index, Path.ChangeExtension(last, ".timeindex")], "--verify-index-only");
    }

    private static string Libs()
    {
        var peers = Environment.GetEnvironmentVariable("BARNABAS_PEERS");
        var libs = peers is null ? null : Path.Combine(peers, "kafka", "libs");
        if (libs is null || !Directory.Exists(libs))
            Assert.Skip("BARNABAS_PEERS names no folder with kafka/libs (Apache Kafka's jars)");
        return libs;
    }

    private static string Dump(string libs, IEnumerable<string> files, string option)
    {
        using var process = Process.Start(new ProcessStartInfo("java")
        {
            ArgumentList = { "-Xmx256M", "-cp", Path.Combine(libs, "*"), "org.apache.kafka.tools.DumpLogSegments", option, "--files", string.Join(',', files) },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result + output);
        foreach (var complaint in new[] { "mismatch", "Mismatches in", "Non-consecutive", "out of order", "Exception", "Could not" })
            Assert.False(output.Contains(complaint, StringComparison.OrdinalIgnoreCase), output);
        return output;
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
