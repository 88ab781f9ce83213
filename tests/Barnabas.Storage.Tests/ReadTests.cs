using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

public sealed class ReadTests : IDisposable
{
    private readonly StorageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fetch_in_the_middle_of_a_batch_returns_the_whole_batch(bool fromMemory)
    {
        using var log = Filled(fromMemory, 3);
        using var data = log.Read(4, 1, FetchIsolation.LogEnd, true);
        Assert.Equal(fromMemory, data.IsFromMemory);
        Assert.Equal(["1-0", "1-1", "1-2"], Batches.Values(data.Records));
        Assert.Equal((3L, 6L), (data.FetchOffsetMetadata.Offset, data.NextOffset));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_min_one_message_a_batch_that_is_too_large_is_not_returned(bool fromMemory)
    {
        using var log = Filled(fromMemory, 3);
        using var data = log.Read(3, 10, FetchIsolation.LogEnd, false);
        Assert.True(data.Records.IsEmpty);
        Assert.True(data.FirstEntryIncomplete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Consumers_see_up_to_the_high_watermark(bool fromMemory)
    {
        using var log = Filled(fromMemory, 3);
        log.UpdateHighWatermark(6);
        using var data = log.Read(0, 100_000, FetchIsolation.HighWatermark, true);
        Assert.Equal(6, data.NextOffset);
        using var atEnd = log.Read(6, 100_000, FetchIsolation.HighWatermark, true);
        Assert.True(atEnd.Records.IsEmpty);
        Assert.Equal(6, atEnd.NextOffset);
    }

    [Fact]
    public void Offsets_outside_the_log_are_out_of_range()
    {
        using var log = Filled(true, 3);
        log.UpdateHighWatermark(9);
        log.MaybeIncrementLogStartOffset(4);
        Assert.Equal(ErrorCode.OffsetOutOfRange, Assert.Throws<KafkaException>(() => log.Read(3, 100, FetchIsolation.LogEnd, true)).ErrorCode);
        Assert.Equal(ErrorCode.OffsetOutOfRange, Assert.Throws<KafkaException>(() => log.Read(10, 100, FetchIsolation.LogEnd, true)).ErrorCode);
        using var data = log.Read(4, 10_000, FetchIsolation.LogEnd, true);
        Assert.Equal(3, data.FetchOffsetMetadata.Offset);
        Assert.Equal(ErrorCode.OffsetOutOfRange, Assert.Throws<KafkaException>(() => log.MaybeIncrementLogStartOffset(10)).ErrorCode);
    }

    [Fact]
    public void Every_offset_of_many_segments_is_found_from_disk_and_memory()
    {
        using var log = Filled(true, 200);
        Assert.True(log.SegmentCount > 5);
        using var reopened = Reopen(log);
        for (var offset = 0; offset < 600; offset++)
        {
            using var data = reopened.Read(offset, 1, FetchIsolation.LogEnd, true);
            Assert.Equal($"{offset / 3}-0", Batches.Values(data.Records)[0]);
        }
    }

    [Fact]
    public void The_tail_cache_stays_within_its_bounds_and_old_offsets_come_from_disk()
    {
        using var log = Filled(true, 2000);
        using var old = log.Read(0, 1000, FetchIsolation.LogEnd, true);
        Assert.False(old.IsFromMemory);
        using var tail = log.Read(log.LogEndOffset - 1, 1000, FetchIsolation.LogEnd, true);
        Assert.True(tail.IsFromMemory);
    }

    [Fact]
    public void A_read_stays_good_while_the_cache_moves_on()
    {
        using var log = Filled(true, 1);
        using var data = log.Read(0, 1000, FetchIsolation.LogEnd, true);
        Assert.True(data.IsFromMemory);
        for (var i = 0; i < 2000; i++)
            log.AppendAsLeader(Batches.Of("later"), 0);
        Assert.Equal(["0-0", "0-1", "0-2"], Batches.Values(data.Records));
    }

    [Fact]
    public void A_time_finds_the_first_record_at_or_after_it()
    {
        using var log = _fixture.Open();
        for (var i = 0; i < 100; i++)
            log.AppendAsLeader(Batches.Compressed(CompressionType.Gzip, 1000 + i * 10, $"{i}-a", $"{i}-b"), 2);
        Assert.True(log.SegmentCount > 1);
        Assert.Equal(new TimestampedOffset(1500, 100, 2), log.FetchOffsetByTimestamp(1500));
        Assert.Equal(new TimestampedOffset(1510, 102, 2), log.FetchOffsetByTimestamp(1501));
        Assert.Equal(new TimestampedOffset(1990, 198, 2), log.FetchOffsetByTimestamp(UnifiedLog.MaxTimestamp));
        Assert.Equal(new TimestampedOffset(-1, 200, 2), log.FetchOffsetByTimestamp(UnifiedLog.LatestTimestamp));
        Assert.Equal(new TimestampedOffset(-1, 0, 2), log.FetchOffsetByTimestamp(UnifiedLog.EarliestTimestamp));
        Assert.Null(log.FetchOffsetByTimestamp(5000));
    }

    [Fact]
    public void Read_committed_stops_at_an_open_transaction_and_names_the_aborted_ones()
    {
        using var log = _fixture.Open();
        var now = _fixture.Time.NowMs;
        log.AppendAsLeader(Batches.Idempotent(9, 0, 0, true, now, "aborted"), 0);
        log.AppendAsLeader(Batches.Idempotent(8, 0, 0, true, now, "open"), 0);
        log.AppendAsLeader(Batches.Marker(false, 9, 0, now), 0, AppendOrigin.Coordinator);
        log.UpdateHighWatermark(3);
        Assert.Equal(1, log.LastStableOffset);
        using (var data = log.Read(0, 10_000, FetchIsolation.TransactionCommitted, true))
        {
            Assert.Equal(1, data.NextOffset);
            Assert.Equal([(9L, 0L)], data.AbortedTransactions!.Select(static t => (t.ProducerId, t.FirstOffset)));
        }

        log.AppendAsLeader(Batches.Marker(true, 8, 0, now), 0, AppendOrigin.Coordinator);
        Assert.Equal(1, log.LastStableOffset);
        log.UpdateHighWatermark(4);
        Assert.Equal(4, log.LastStableOffset);
        Assert.False(log.HasOngoingTransaction(8, 0));
    }

    private UnifiedLog Filled(bool inMemory, int batches)
    {
        var log = inMemory ? _fixture.OpenAndFollow() : _fixture.Open();
        for (var i = 0; i < batches; i++)
            log.AppendAsLeader(Batches.Of($"{i}-0", $"{i}-1", $"{i}-2"), 0);
        return inMemory ? log : Reopen(log);
    }

    private UnifiedLog Reopen(UnifiedLog log)
    {
        log.Close();
        return _fixture.Open(null, new LogOpenOptions(HadCleanShutdown: true));
    }
}
