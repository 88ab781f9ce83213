using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Compaction;
using Barnabas.Storage.Segments;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests.Compaction;

public sealed class CompactionTests : IDisposable
{
    private static readonly LogConfig Config = StorageFixture.Small with
    {
        Compact = true,
        Delete = false,
        MinCleanableRatio = 0,
        DeleteRetentionMs = 10_000,
        FileDeleteDelayMs = 1,
        SegmentBytes = 100_000,
        SegmentIndexBytes = 8000,
    };

    private readonly StorageFixture _fixture = new();
    private LogManager? _manager;

    public void Dispose()
    {
        _manager?.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public void The_last_value_of_each_key_stays_at_its_offset_and_the_active_segment_is_not_touched()
    {
        var log = Open();
        Append(log, ("a", "1"), ("b", "1"));
        Append(log, ("a", "2"), ("c", "1"));
        log.Roll();
        Append(log, ("b", "2"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        Assert.Equal(["1:b=1", "2:a=2", "3:c=1", "4:b=2"], KeyedLog.Records(log));
        Assert.False(_manager.Cleaner.CleanFilthiest());
        Assert.Equal(5, log.LogEndOffset);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void What_stays_keeps_codec_timestamps_headers_and_offsets(CompressionType codec)
    {
        var log = Open();
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodecs.Get(codec) });
        builder.Append(_fixture.Time.NowMs - 9, "a"u8.ToArray(), "old"u8.ToArray());
        builder.Append(_fixture.Time.NowMs - 5, "b"u8.ToArray(), "kept"u8.ToArray(), [new RecordHeader("h", "v"u8.ToArray())]);
        KeyedLog.Append(log, builder.Build().ToArray());
        Append(log, ("a", "new"));
        log.Roll();
        Append(log, ("z", "active"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());

        var batch = new RecordBatch(KeyedLog.Batches(log)[0]);
        Assert.True(batch.IsValidCrc());
        Assert.Equal((codec, 0, 1, 1), (batch.Compression, batch.BaseOffset, batch.LastOffset, batch.RecordCount));
        foreach (ref readonly var record in batch.Records())
        {
            Assert.Equal((1, _fixture.Time.NowMs - 5), (record.Offset, record.Timestamp));
            Assert.Equal("h", record.Headers.ToArray()[0].Key);
        }
    }

    [Fact]
    public void A_tombstone_goes_delete_retention_after_compaction_first_met_it()
    {
        var log = Open();
        Append(log, ("a", "1"), ("a", null), ("b", "1"));
        log.Roll();
        Append(log, ("x", "1"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        Assert.Equal(["1:a", "2:b=1", "3:x=1"], KeyedLog.Records(log));

        _fixture.Time.Advance(TimeSpan.FromMilliseconds(9_000));
        CleanAgain(log);
        Assert.Contains("1:a", KeyedLog.Records(log));
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1_001));
        CleanAgain(log);
        Assert.DoesNotContain("1:a", KeyedLog.Records(log));
    }

    [Fact]
    public void Records_without_a_key_go()
    {
        var log = Open();
        KeyedLog.Append(log, KeyedLog.Batch(_fixture.Time.NowMs, ("a", "1")));
        // The broker refuses such records in a compacted topic; an older one may have taken them.
        log.UpdateConfig(Config with { Compact = false });
        KeyedLog.Append(log, Batches.WithNullKey("lost"));
        log.UpdateConfig(Config);
        log.Roll();
        Append(log, ("b", "1"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        Assert.Equal(["0:a=1", "2:b=1"], KeyedLog.Records(log));
    }

    [Fact]
    public void Records_younger_than_the_least_lag_are_left()
    {
        var log = Open(Config with { MinCompactionLagMs = 60_000 });
        Append(log, ("a", "1"), ("a", "2"));
        log.Roll();
        Append(log, ("b", "1"));
        Assert.False(_manager!.Cleaner.CleanFilthiest());
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(60_001));
        Assert.True(_manager.Cleaner.CleanFilthiest());
        Assert.Equal(["1:a=2", "2:b=1"], KeyedLog.Records(log));
    }

    [Fact]
    public void A_log_that_is_not_dirty_enough_is_compacted_after_the_longest_lag()
    {
        var log = Open(Config with { MinCleanableRatio = 0.9 });
        Append(log, [.. Enumerable.Range(0, 40).Select(i => ($"k{i}", (string?)new string('v', 50)))]);
        log.Roll();
        Append(log, ("k0", "again"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        log.Roll();
        Append(log, ("x", "1"));
        Assert.False(_manager.Cleaner.CleanFilthiest());

        log.UpdateConfig(log.Config with { MaxCompactionLagMs = 5_000 });
        Assert.False(_manager.Cleaner.CleanFilthiest());
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(5_001));
        Assert.True(_manager.Cleaner.CleanFilthiest());
        Assert.DoesNotContain(KeyedLog.Records(log), r => r.StartsWith("0:", StringComparison.Ordinal));
    }

    [Fact]
    public void Aborted_records_go_and_supersede_nothing_and_their_marker_goes_later()
    {
        var log = Open();
        Append(log, ("a", "1"));
        KeyedLog.Append(log, KeyedLog.Batch(Transactional(7, 0), _fixture.Time.NowMs, ("a", "aborted")));
        KeyedLog.Append(log, Batches.Marker(false, 7, 0, _fixture.Time.NowMs), AppendOrigin.Coordinator);
        KeyedLog.Append(log, KeyedLog.Batch(Transactional(7, 1), _fixture.Time.NowMs, ("b", "1")));
        KeyedLog.Append(log, Batches.Marker(true, 7, 0, _fixture.Time.NowMs), AppendOrigin.Coordinator);
        log.Roll();
        Append(log, ("x", "1"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        // The marker stays with the first pass, which met the aborted records.
        Assert.Equal(["0:a=1", "2:abort", "3:b=1", "4:commit", "5:x=1"], KeyedLog.Records(log));
        Assert.Equal("1", KeyedLog.State(log)["a"]);

        CleanAgain(log);
        Assert.Contains("2:abort", KeyedLog.Records(log));
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(10_001));
        CleanAgain(log);
        Assert.DoesNotContain("2:abort", KeyedLog.Records(log));
        Assert.Contains("4:commit", KeyedLog.Records(log));
        Assert.Empty(log.AbortedTransactionsIn(0, log.LogEndOffset));
    }

    [Fact]
    public void An_open_transaction_stops_compaction_before_it()
    {
        var log = Open();
        Append(log, ("a", "1"), ("a", "2"));
        log.Roll();
        KeyedLog.Append(log, KeyedLog.Batch(Transactional(7, 0), _fixture.Time.NowMs, ("a", "open")));
        log.Roll();
        Append(log, ("x", "1"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        Assert.False(_manager.Cleaner.CleanFilthiest());
        Assert.Equal(["1:a=2", "2:a=open", "3:x=1"], KeyedLog.Records(log));
    }

    [Fact]
    public void A_producers_last_sequence_number_outlives_its_records()
    {
        var log = Open();
        KeyedLog.Append(log, KeyedLog.Batch(new RecordBatchOptions { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0 }, _fixture.Time.NowMs, ("a", "1"), ("a", "2")));
        Append(log, ("a", "3"));
        log.Roll();
        Append(log, ("x", "1"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        var left = new RecordBatch(KeyedLog.Batches(log)[0]);
        Assert.Equal((5, 0, 1, 0), (left.ProducerId, left.BaseSequence, left.LastOffset, left.RecordCount));
        Restart();
        Assert.Equal(1, _manager.GetLog(StorageFixture.Partition)!.ActiveProducers().Single(p => p.ProducerId == 5).LastSequence);
    }

    [Fact]
    public void Neighbours_become_one_segment_and_a_restart_finds_the_same()
    {
        var log = Open();
        for (var i = 0; i < 6; i++)
        {
            Append(log, ("a", $"{i}"), ($"k{i}", "v"));
            log.Roll();
        }
        Append(log, ("x", "1"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        Assert.Equal(2, log.SegmentCount);
        var before = KeyedLog.Records(log);
        Assert.Equal(8, before.Count);
        Restart();
        Assert.Equal(before, KeyedLog.Records(_manager!.GetLog(StorageFixture.Partition)!));
        Assert.False(_manager.Cleaner.CleanFilthiest());
    }

    [Fact]
    public void Memory_is_bounded_however_many_keys_there_are()
    {
        // Room for 90 keys in 100 slots: several runs, each a stretch further.
        Open(Config, new LogCleanerOptions { DedupeBufferSize = 100 * OffsetMap.BytesPerSlot });
        var log = _manager!.GetLog(StorageFixture.Partition)!;
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 400; i += 10)
                Append(log, [.. Enumerable.Range(i, 10).Select(k => ($"key-{k}", (string?)$"{round}"))]);
        }
        log.Roll();
        Append(log, ("x", "1"));
        var runs = 0;
        while (_manager.Cleaner.CleanFilthiest())
            runs++;
        Assert.InRange(runs, 8, 20);
        Assert.Equal(401, KeyedLog.Records(log).Count);
        Assert.All(KeyedLog.State(log).Where(s => s.Key != "x"), s => Assert.Equal("1", s.Value));
    }

    [Fact]
    public void Compact_and_delete_together_delete_old_segments_whole()
    {
        var log = Open(Config with { Delete = true, RetentionMs = 100_000 });
        Append(log, ("a", "1"), ("b", "1"));
        log.Roll();
        Append(log, ("a", "2"));
        log.Roll();
        Append(log, ("c", "1"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
        Assert.Equal(["1:b=1", "2:a=2", "3:c=1"], KeyedLog.Records(log));
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(100_001));
        Append(log, ("d", "1"));
        log.DeleteOldSegments();
        Assert.Equal(3, log.LogStartOffset);
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_left_alone_and_others_go_on()
    {
        var log = Open();
        var other = _manager!.GetOrCreateLog(new("other", 0), StorageFixture.TopicId, Config);
        foreach (var each in new[] { log, other })
        {
            Append(each, ("a", "1"), ("a", "2"));
            each.Roll();
            Append(each, ("b", "1"));
        }
        // The length of the first record, far beyond its batch.
        log.Segments[0].LogFile().Write([0x7e], BatchHeader.Size);
        while (_manager.Cleaner.CleanFilthiest())
        {
        }
        Assert.Equal(["1:a=2", "2:b=1"], KeyedLog.Records(other));
        Assert.Equal(1, _manager.Cleaner.Status.UncleanablePartitions);
        Assert.False(_manager.Directories[0].State.IsOffline);
    }

    private static RecordBatchOptions Transactional(long producer, int sequence) =>
        new() { ProducerId = producer, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = true };

    private UnifiedLog Open(LogConfig? config = null, LogCleanerOptions? cleaner = null)
    {
        _manager = new LogManager(
            new LogManagerOptions { LogDirs = [StorageFixture.LogDir], DefaultConfig = Config, RecoveryThreadsPerDataDir = 0, Cleaner = cleaner ?? new() }, _fixture.Services);
        _manager.Startup(_ => config ?? Config);
        return _manager.GetOrCreateLog(StorageFixture.Partition, StorageFixture.TopicId, config ?? Config);
    }

    private void Restart()
    {
        _manager!.Shutdown();
        _fixture.NewServices();
        Open();
        var log = _manager.GetLog(StorageFixture.Partition)!;
        log.UpdateHighWatermark(log.LogEndOffset);
    }

    private void Append(UnifiedLog log, params (string? Key, string? Value)[] records) => KeyedLog.Append(log, KeyedLog.Batch(_fixture.Time.NowMs, records));

    /// <summary>One more dirty segment, so that there is something to do.</summary>
    private void CleanAgain(UnifiedLog log)
    {
        log.Roll();
        Append(log, ("x", "again"));
        Assert.True(_manager!.Cleaner.CleanFilthiest());
    }
}
