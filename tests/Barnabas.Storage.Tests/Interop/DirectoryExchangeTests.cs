using System.Text.RegularExpressions;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Disks;
using Barnabas.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Storage.Tests.Interop;

/// <summary>A log directory goes from Apache Kafka to Barnabas and back, after clean stops and after kill -9 on either side.</summary>
public sealed class DirectoryExchangeTests : IDisposable
{
    private const long OurProducer = 77_000;
    private static readonly CompressionType[] Codecs = [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];
    private readonly string _root = Directory.CreateTempSubdirectory("barnabas-exchange-").FullName;

    private string Node => Path.Combine(_root, "node");

    private string Logs => Path.Combine(Node, "logs");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Directories_go_from_apache_kafka_to_barnabas_and_back_with_nothing_lost()
    {
        ApacheKafka.Require(compiler: true);
        Directory.CreateDirectory(Node);
        await ApacheKafka.RunNodeAsync(Node, "write", kill: true);
        var killed = Copy("killed");
        await ApacheKafka.RunNodeAsync(Node, "read", kill: false);
        var clean = Copy("clean");

        // Ours on Kafka's after its kill -9, and Kafka on ours after ours.
        OpenAndAppend(killed, hadCleanShutdown: false, stopCleanly: false);
        var logs = Directory.GetFiles(killed, "*.log", SearchOption.AllDirectories).Where(static f => !f.Contains("__", StringComparison.Ordinal)).ToArray();
        Assert.True(logs.Length > Codecs.Length + 3, $"{logs.Length} segments");
        var dumped = await ApacheKafka.DumpAsync(logs, "--deep-iteration");
        Assert.Equal((350 * Codecs.Length) + 400 + 30 + 3, Regex.Count(dumped, @"\| offset:", RegexOptions.None, TimeSpan.FromSeconds(5)));
        Tear(Path.Combine(killed, "codec-gzip-0"));
        await ServeAndCheck(killed);

        // The same after clean stops.
        OpenAndAppend(clean, hadCleanShutdown: true, stopCleanly: true);
        await ServeAndCheck(clean);
    }

    private static void OpenAndAppend(string directory, bool hadCleanShutdown, bool stopCleanly)
    {
        using var workers = new StorageWorkers(TimeProvider.System, NullLogger.Instance, 2);
        var services = new LogServices { Disk = new PhysicalDisk(), Time = TimeProvider.System, Random = new Random(1), Logger = NullLogger.Instance, Workers = workers };
        using var manager = new LogManager(new LogManagerOptions { LogDirs = [directory] }, services);
        manager.Startup();
        Assert.True(manager.Directories[0].State.Failure is null, $"{manager.Directories[0].State.Failure}");
        Assert.Equal(hadCleanShutdown, manager.HadCleanShutdown);
        foreach (var codec in Codecs)
        {
            var topic = "codec-" + CompressionTypes.Name(codec);
            var log = LogOf(manager, topic);
            Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{topic}-{i}"), Read(log));
            Assert.Equal(299, Assert.Single(log.ActiveProducers()).LastSequence);
            for (var i = 300; i < 350; i += 10)
            {
                var values = Enumerable.Range(i, 10).Select(n => $"{topic}-{n}").ToArray();
                log.AppendAsLeader(
                    codec == CompressionType.None
                        ? Batches.Idempotent(OurProducer, 0, i - 300, false, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), values)
                        : Batches.Compressed(codec, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), values),
                    log.LatestEpoch!.Value);
                if (i == 320)
                    log.Roll();
            }
        }

        var segments = LogOf(manager, "segments");
        Assert.True(segments.SegmentCount >= 4, $"{segments.SegmentCount} segments");
        Assert.Equal(Enumerable.Range(0, 400).Select(static i => $"segments-{i}-"), Read(segments).Select(static v => v.TrimEnd('x')));
        var transactions = LogOf(manager, "transactions");
        transactions.UpdateHighWatermark(transactions.LogEndOffset);
        Assert.Equal((33L, 33L), (transactions.LogEndOffset, transactions.LastStableOffset));
        using (var data = transactions.Read(0, 1 << 20, FetchIsolation.TransactionCommitted, true))
        {
            var aborted = Assert.Single(data.AbortedTransactions!);
            Assert.Equal((11L, 21L), (aborted.FirstOffset, aborted.LastOffset));
        }

        if (stopCleanly)
            manager.Shutdown();
    }

    private async Task ServeAndCheck(string directory)
    {
        Directory.Delete(Logs, recursive: true);
        Directory.Move(directory, Logs);
        var read = await ApacheKafka.RunNodeAsync(Node, "read", kill: false);
        foreach (var codec in Codecs)
            Assert.Contains($"READ codec-{CompressionTypes.Name(codec)}-0 350\n", read, StringComparison.Ordinal);
        Assert.Contains("READ segments-0 400\n", read, StringComparison.Ordinal);
        Assert.Contains("READ transactions-0 20\n", read, StringComparison.Ordinal);
        Assert.Contains($"PRODUCER codec-none-0 {OurProducer} 49\n", read, StringComparison.Ordinal);
    }

    private static UnifiedLog LogOf(LogManager manager, string topic) => manager.GetLog(new TopicPartition(topic, 0)) ?? throw new InvalidOperationException($"no log of {topic}");

    private static List<string> Read(UnifiedLog log)
    {
        var values = new List<string>();
        for (var offset = log.LogStartOffset; offset < log.LogEndOffset;)
        {
            using var data = log.Read(offset, 100_000, FetchIsolation.LogEnd, minOneMessage: true);
            foreach (var batch in RecordBatches.Enumerate(data.Records))
                batch.EnsureValid();
            values.AddRange(Batches.Values(data.Records));
            offset = data.NextOffset;
        }

        return values;
    }

    /// <summary>What kill -9 leaves of a write that had begun: the head of a batch without its end.</summary>
    private static void Tear(string folder)
    {
        var last = Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal).Last();
        using var file = new FileStream(last, FileMode.Append);
        file.Write(Batches.Assigned(350, 0, "torn").Span[..70]);
    }

    private string Copy(string name)
    {
        var target = Path.Combine(_root, name);
        foreach (var file in Directory.GetFiles(Logs, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(target, Path.GetRelativePath(Logs, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return target;
    }
}
