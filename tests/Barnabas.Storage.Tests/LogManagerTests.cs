using Barnabas.Protocol;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

public sealed class LogManagerTests : IDisposable
{
    private static readonly TopicPartition Partition = StorageFixture.Partition;
    private readonly StorageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_clean_stop_leaves_what_kafka_leaves()
    {
        using (var manager = Started())
        {
            Fill(manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small), 100);
            manager.Shutdown(brokerEpoch: 42);
        }

        Assert.Equal("{\"version\":0,\"brokerEpoch\":42}", _fixture.Disk.ReadAllText("/data/.kafka_cleanshutdown"));
        Assert.Equal("0\n1\nt 0 100\n", _fixture.Disk.ReadAllText("/data/recovery-point-offset-checkpoint"));
        Assert.Equal("0\n1\n3 0\n", _fixture.Disk.ReadAllText("/data/t-0/leader-epoch-checkpoint"));
        Assert.Equal($"version: 0\ntopic_id: {StorageFixture.TopicId}", _fixture.Disk.ReadAllText("/data/t-0/partition.metadata"));
        Assert.Contains("00000000000000000100.snapshot", _fixture.Disk.List("/data/t-0").Select(static e => e.Name));
        using var again = Started();
        Assert.True(again.HadCleanShutdown);
        Assert.Equal(42, again.PreviousBrokerEpoch);
        Assert.False(_fixture.Disk.FileExists("/data/.kafka_cleanshutdown"));
        Assert.Equal((100L, StorageFixture.TopicId), (again.GetLog(Partition)!.LogEndOffset, again.GetLog(Partition)!.TopicId));
    }

    [Fact]
    public void A_second_process_cannot_use_the_directory()
    {
        using var manager = Started();
        var refused = Assert.Throws<LogDirectoryInUseException>(() => _fixture.NewManager());
        Assert.Contains("Failed to acquire lock on file .lock in /data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deleted_logs_are_renamed_at_once_and_gone_after_the_delay()
    {
        using var manager = Started();
        Fill(manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small), 10);
        Assert.True(manager.AsyncDelete(Partition));
        Assert.Null(manager.GetLog(Partition));
        Assert.Single(Folders(), static n => n.StartsWith("t-0.", StringComparison.Ordinal) && n.EndsWith("-delete", StringComparison.Ordinal));
        var anew = manager.GetOrCreateLog(Partition, new Uuid(5, 5), StorageFixture.Small);
        Assert.Equal(0, anew.LogEndOffset);
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(StorageFixture.Small.FileDeleteDelayMs));
        Assert.Equal(["t-0"], Folders());
    }

    [Fact]
    public void Another_topic_of_the_same_name_is_not_mistaken_for_this_one()
    {
        using var manager = Started();
        manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small);
        Assert.Equal(ErrorCode.InconsistentTopicId, Assert.Throws<KafkaException>(() => manager.GetOrCreateLog(Partition, new Uuid(5, 5), StorageFixture.Small)).ErrorCode);
    }

    [Fact]
    public void Retention_by_time_and_size_deletes_whole_segments_after_the_delay()
    {
        using var manager = Started();
        var log = manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small);
        Fill(log, 200);
        var segments = log.SegmentCount;
        log.UpdateConfig(StorageFixture.Small with { RetentionBytes = 4000, FileDeleteDelayMs = 1000 });
        manager.DeleteOldSegments();
        Assert.InRange(log.SizeInBytes, 4000, 6000);
        Assert.True(log.LogStartOffset > 0 && log.SegmentCount < segments);
        Assert.Contains(Files(), static n => n.EndsWith(".log.deleted", StringComparison.Ordinal));
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(Files(), static n => n.EndsWith(".deleted", StringComparison.Ordinal));
        log.UpdateConfig(StorageFixture.Small with { RetentionMs = 60_000 });
        _fixture.Time.Advance(TimeSpan.FromMinutes(2));
        manager.DeleteOldSegments();
        Assert.Equal((200L, 200L, 1), (log.LogStartOffset, log.LogEndOffset, log.SegmentCount));
    }

    [Fact]
    public void Segments_roll_by_time_and_by_index()
    {
        using var manager = Started();
        var log = manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small with { SegmentMs = 1000, SegmentBytes = 1 << 20 });
        log.AppendAsLeader(Batches.At(_fixture.Time.NowMs, "a"), 0);
        log.AppendAsLeader(Batches.At(_fixture.Time.NowMs + 1001, "b"), 0);
        Assert.Equal(2, log.SegmentCount);
        log.UpdateConfig(StorageFixture.Small with { SegmentBytes = 1 << 20, SegmentIndexBytes = 24, IndexIntervalBytes = 10 });
        log.Roll();
        Fill(log, 6);
        Assert.True(log.SegmentCount >= 4, $"{log.SegmentCount} segments");
    }

    [Fact]
    public void Stray_logs_are_kept_aside()
    {
        using (var manager = Started())
        {
            manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small);
            manager.Shutdown();
        }

        using var again = _fixture.NewManager();
        again.Startup(isStray: static (_, id) => id == StorageFixture.TopicId);
        Assert.Null(again.GetLog(Partition));
        Assert.Single(Folders(), static n => n.EndsWith("-stray", StringComparison.Ordinal));
    }

    [Fact]
    public void Everyone_who_waits_shares_one_flush()
    {
        using var log = _fixture.Open(StorageFixture.Small with { FlushMessages = 1 });
        var info = log.AppendAsLeader(Batches.Of("a"), 0);
        Assert.True(info.RequiresFlush);
        Assert.True(log.FlushAsync(1).IsCompletedSuccessfully);
        Assert.Equal((1L, 0L), (log.FlushedOffset, log.RecoveryPoint));
        Assert.True(log.FlushAsync(1).IsCompletedSuccessfully);
    }

    [Fact]
    public void Schedules_flush_checkpoint_and_delete()
    {
        using var manager = new LogManager(
            new LogManagerOptions { LogDirs = [StorageFixture.LogDir], DefaultConfig = StorageFixture.Small, InitialTaskDelayMs = 100, FlushSchedulerIntervalMs = 100 }, _fixture.Services);
        manager.Startup();
        manager.StartSchedules();
        var log = manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small with { FlushMs = 50 });
        Fill(log, 3);
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(3, log.FlushedOffset);
        _fixture.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("0\n1\nt 0 3\n", _fixture.Disk.ReadAllText("/data/replication-offset-checkpoint"));
    }

    [Fact]
    public void An_interrupted_compaction_is_finished_at_load()
    {
        var log = _fixture.Open();
        Fill(log, 100);
        log.Close();
        var names = Files().Where(static n => n.EndsWith(".log", StringComparison.Ordinal)).ToArray();
        foreach (var suffix in new[] { ".log", ".index", ".timeindex" })
            _fixture.Disk.Rename($"/data/t-0/{names[0][..20]}{suffix}", $"/data/t-0/{names[0][..20]}{suffix}.swap");
        _fixture.Disk.Open("/data/t-0/00000000000000000099.log.cleaned", DiskFileMode.OpenOrCreate).Dispose();
        using var again = _fixture.Open(null, new LogOpenOptions(HadCleanShutdown: true));
        Assert.Equal((0L, 100L), (again.LogStartOffset, again.LogEndOffset));
        Assert.DoesNotContain(Files(), static n => n.EndsWith(".cleaned", StringComparison.Ordinal) || n.EndsWith(".swap", StringComparison.Ordinal));
        using var data = again.Read(0, 1, FetchIsolation.LogEnd, true);
        Assert.Equal(["0"], Batches.Values(data.Records));
    }

    [Theory]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    public void Missing_and_damaged_indexes_are_rebuilt(string suffix)
    {
        var log = _fixture.Open();
        Fill(log, 100);
        var segments = log.SegmentCount;
        log.Close();
        var files = Files().Where(n => n.EndsWith(suffix, StringComparison.Ordinal)).ToArray();
        var before = _fixture.Disk.ReadAllBytes($"/data/t-0/{files[0]}");
        _fixture.Disk.DeleteFile($"/data/t-0/{files[0]}");
        using (var damaged = _fixture.Disk.Open($"/data/t-0/{files[1]}", DiskFileMode.OpenExisting))
            damaged.SetLength(damaged.Length + 5);
        using var again = _fixture.Open(null, new LogOpenOptions(HadCleanShutdown: true));
        Assert.Equal((segments, 100L), (again.SegmentCount, again.LogEndOffset));
        Assert.Equal(before, _fixture.Disk.ReadAllBytes($"/data/t-0/{files[0]}"));
    }

    [Fact]
    public void A_torn_tail_is_cut_off_and_appending_goes_on()
    {
        var log = _fixture.Open();
        Fill(log, 5);
        log.Dispose();
        using (var file = _fixture.Disk.Open("/data/t-0/00000000000000000000.log", DiskFileMode.OpenExisting))
            file.SetLength(file.Length - 3);
        using var again = _fixture.Open();
        Assert.Equal(4, again.LogEndOffset);
        Assert.Equal(4, again.AppendAsLeader(Batches.Of("x"), 0).FirstOffset);
    }

    [Fact]
    public void Truncation_takes_back_records_epochs_and_producers()
    {
        using var log = _fixture.Open();
        Fill(log, 100);
        log.AppendAsLeader(Batches.Of("new epoch"), 9);
        Assert.True(log.TruncateTo(30));
        Assert.Equal((30L, 3), (log.LogEndOffset, log.LatestEpoch!.Value));
        Assert.False(log.TruncateTo(30));
        log.AppendAsLeader(Batches.Of("30 again"), 10);
        using var data = log.Read(30, 1000, FetchIsolation.LogEnd, true);
        Assert.Equal(["30 again"], Batches.Values(data.Records));
        log.TruncateFullyAndStartAt(500);
        Assert.Equal((500L, 500L), (log.LogStartOffset, log.LogEndOffset));
        Assert.Equal(500, log.AppendAsLeader(Batches.Of("x"), 11).FirstOffset);
    }

    [Fact]
    public void A_copy_on_its_way_into_another_directory_is_loaded_beside_the_log_and_goes_with_it()
    {
        _fixture.Disk.CreateDirectory("/other");
        using (var manager = Started(StorageFixture.LogDir, "/other"))
        {
            Fill(manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small), 10);
            Fill(manager.GetOrCreateLog(new TopicPartition("t", 1), StorageFixture.TopicId, StorageFixture.Small), 4);
            manager.Shutdown();
        }

        _fixture.Disk.Rename("/other/t-1", "/other/t-0.0123456789abcdef0123456789abcdef-future");
        using (var manager = Started(StorageFixture.LogDir, "/other"))
        {
            Assert.Equal((10L, 4L), (manager.GetLog(Partition)!.LogEndOffset, manager.GetFutureLog(Partition)!.LogEndOffset));
            Assert.Equal(10, manager.CheckpointedHighWatermark(Partition));
            Assert.Equal([false, true], manager.Describe().SelectMany(static d => d.Logs).Select(static l => l.IsFuture));
            manager.Shutdown();
        }

        Assert.Equal("0\n1\nt 0 4\n", _fixture.Disk.ReadAllText("/other/recovery-point-offset-checkpoint"));
        using var again = Started(StorageFixture.LogDir, "/other");
        Assert.True(again.AsyncDelete(Partition));
        Assert.Null(again.GetFutureLog(Partition));
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(StorageFixture.Small.FileDeleteDelayMs));
        Assert.DoesNotContain(_fixture.Disk.List("/other"), static e => e.IsDirectory);
    }

    [Fact]
    public void What_compaction_did_is_kept_until_the_log_is_cut_or_deleted()
    {
        using (var manager = Started())
        {
            Fill(manager.GetOrCreateLog(Partition, StorageFixture.TopicId, StorageFixture.Small), 100);
            Fill(manager.GetOrCreateLog(new TopicPartition("u", 0), StorageFixture.TopicId, StorageFixture.Small), 10);
            manager.Shutdown();
        }

        const string cleaner = "/data/cleaner-offset-checkpoint";
        using (var file = _fixture.Disk.Open(cleaner, DiskFileMode.CreateOrTruncate))
            file.Write("0\n2\nt 0 60\nu 0 5\n"u8, 0);
        using var again = Started();
        again.GetLog(Partition)!.TruncateTo(80);
        Assert.Equal("0\n2\nt 0 60\nu 0 5\n", _fixture.Disk.ReadAllText(cleaner));
        again.GetLog(Partition)!.TruncateTo(40);
        Assert.Equal("0\n2\nt 0 40\nu 0 5\n", _fixture.Disk.ReadAllText(cleaner));
        again.AsyncDelete(Partition);
        Assert.Equal("0\n1\nu 0 5\n", _fixture.Disk.ReadAllText(cleaner));
    }

    private LogManager Started(params string[] dirs)
    {
        var manager = _fixture.NewManager(null, dirs);
        manager.Startup();
        return manager;
    }

    private void Fill(UnifiedLog log, int count)
    {
        for (var i = 0; i < count; i++)
            log.AppendAsLeader(Batches.At(_fixture.Time.NowMs + i, $"{i}"), 3);
        log.UpdateHighWatermark(log.LogEndOffset);
    }

    private IEnumerable<string> Folders() => _fixture.Disk.List("/data").Where(static e => e.IsDirectory).Select(static e => e.Name);

    private IEnumerable<string> Files() => _fixture.Disk.List("/data/t-0").Select(static e => e.Name).ToArray();
}
