using System.Buffers.Binary;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

public sealed class AppendTests : IDisposable
{
    private const int RecordBatchHeaderBytes = 61;
    private readonly StorageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Appends_get_consecutive_offsets_and_the_leader_epoch()
    {
        using var log = _fixture.Open();
        var first = log.AppendAsLeader(Batches.Of("a", "b", "c"), 4);
        var second = log.AppendAsLeader(Batches.Of("d"), 5);
        Assert.Equal((0L, 2L), (first.FirstOffset, first.LastOffset));
        Assert.Equal((3L, 3L, 4L), (second.FirstOffset, second.LastOffset, log.LogEndOffset));
        using var data = log.Read(0, 10_000, FetchIsolation.LogEnd, true);
        Assert.Equal(["a", "b", "c", "d"], Batches.Values(data.Records));
        Assert.Equal(5, log.LatestEpoch);
        Assert.Equal(4, log.EpochForOffset(2));
        Assert.Equal(3, log.EndOffsetForEpoch(4).Offset);
    }

    [Fact]
    public void A_batch_whose_checksum_is_wrong_is_corrupt()
    {
        using var log = _fixture.Open();
        var batch = Batches.Of("a");
        batch.Span[^1] ^= 1;
        Assert.Equal(ErrorCode.CorruptMessage, Refused(log, batch).ErrorCode);
        Assert.Equal(0, log.LogEndOffset);
    }

    [Fact]
    public void A_batch_above_max_message_bytes_is_too_large()
    {
        using var log = _fixture.Open(StorageFixture.Small with { MaxMessageBytes = 80 });
        Assert.Equal(ErrorCode.MessageTooLarge, Refused(log, Batches.Of(new string('x', 100))).ErrorCode);
    }

    [Fact]
    public void A_batch_above_segment_bytes_is_refused_as_too_large_a_list()
    {
        using var log = _fixture.Open(StorageFixture.Small with { SegmentBytes = 100 });
        Assert.Equal(ErrorCode.RecordListTooLarge, Refused(log, Batches.Of(new string('x', 100))).ErrorCode);
    }

    [Fact]
    public void Two_batches_in_one_append_are_refused()
    {
        using var log = _fixture.Open();
        byte[] two = [.. Batches.Of("a").Span, .. Batches.Of("b").Span];
        Assert.Equal(ErrorCode.InvalidRecord, Refused(log, two).ErrorCode);
    }

    [Fact]
    public void Control_batches_are_the_coordinators_alone()
    {
        using var log = _fixture.Open();
        Assert.Equal(ErrorCode.InvalidRecord, Refused(log, Batches.Marker(true, 1, 0, _fixture.Time.NowMs)).ErrorCode);
    }

    [Fact]
    public void Old_message_formats_are_refused()
    {
        using var log = _fixture.Open();
        var batch = Batches.Of("a");
        batch.Span[16] = 1;
        Assert.Equal(ErrorCode.InvalidRecord, Refused(log, batch).ErrorCode);
    }

    [Fact]
    public void A_compacted_topic_names_the_records_without_a_key()
    {
        using var log = _fixture.Open(StorageFixture.Small with { Compact = true });
        var refused = Assert.IsType<RecordValidationException>(Refused(log, Batches.WithNullKey("v")));
        Assert.Equal(ErrorCode.InvalidRecord, refused.ErrorCode);
        Assert.Equal([new RecordError(0, "Compacted topic cannot accept message without key in topic partition t-0")], refused.RecordErrors);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    public void Timestamps_out_of_bounds_are_refused(CompressionType compression)
    {
        using var log = _fixture.Open();
        var tooLate = _fixture.Time.NowMs + 3_600_001;
        var refused = Assert.IsType<RecordValidationException>(Refused(log, Batches.Compressed(compression, tooLate, "v")));
        Assert.Equal(ErrorCode.InvalidTimestamp, refused.ErrorCode);
        log.UpdateConfig(StorageFixture.Small with { TimestampBeforeMaxMs = 10 });
        Assert.Equal(ErrorCode.InvalidTimestamp, Refused(log, Batches.Compressed(compression, _fixture.Time.NowMs - 11, "v")).ErrorCode);
        log.AppendAsLeader(Batches.Compressed(compression, _fixture.Time.NowMs - 10, "v"), 0);
    }

    [Fact]
    public void Log_append_time_is_stamped_on_the_batch()
    {
        using var log = _fixture.Open(StorageFixture.Small with { TimestampType = TimestampType.LogAppendTime });
        var info = log.AppendAsLeader(Batches.At(5, "v"), 0);
        Assert.Equal(_fixture.Time.NowMs, info.LogAppendTimeMs);
        using var data = log.Read(0, 1000, FetchIsolation.LogEnd, true);
        foreach (var batch in RecordBatches.Enumerate(data.Records))
        {
            batch.EnsureValid();
            Assert.Equal((TimestampType.LogAppendTime, _fixture.Time.NowMs), (batch.TimestampType, batch.MaxTimestamp));
        }
    }

    [Fact]
    public void The_topics_compression_replaces_the_producers()
    {
        using var log = _fixture.Open(StorageFixture.Small with { CompressionType = CompressionType.Gzip });
        log.AppendAsLeader(Batches.Of("a", "b"), 3);
        log.AppendAsLeader(Batches.Of("c"), 3);
        using var data = log.Read(0, 10_000, FetchIsolation.LogEnd, true);
        Assert.Equal(["a", "b", "c"], Batches.Values(data.Records));
        foreach (var batch in RecordBatches.Enumerate(data.Records))
        {
            batch.EnsureValid();
            Assert.Equal((CompressionType.Gzip, 3), (batch.Compression, batch.PartitionLeaderEpoch));
        }
    }

    [Fact]
    public void A_full_disk_takes_the_directory_offline_and_nothing_else()
    {
        _fixture.Disk.CreateDirectory("/other");
        using var manager = _fixture.NewManager(null, StorageFixture.LogDir, "/other");
        manager.Startup();
        var failed = new List<string>();
        manager.DirectoryFailed += d => failed.Add(d.Path);
        var first = manager.GetOrCreateLog(new TopicPartition("a", 0), StorageFixture.TopicId, StorageFixture.Small);
        var second = manager.GetOrCreateLog(new TopicPartition("a", 1), StorageFixture.TopicId, StorageFixture.Small);
        Assert.NotEqual(first.LogDirectory.Path, second.LogDirectory.Path);
        first.AppendAsLeader(Batches.Of("v"), 0);
        _fixture.Disk.FailsAt = path => path.StartsWith(first.LogDirectory.Path, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.KafkaStorageError, Refused(first, Batches.Of("w")).ErrorCode);
        _fixture.Disk.FailsAt = null;
        Assert.Equal(ErrorCode.KafkaStorageError, Refused(first, Batches.Of("w")).ErrorCode);
        Assert.Throws<KafkaStorageException>(() => first.Read(0, 100, FetchIsolation.LogEnd, true));
        Assert.Equal([first.LogDirectory.Path], failed);
        Assert.Null(manager.GetLog(new TopicPartition("a", 0)));
        second.AppendAsLeader(Batches.Of("v"), 0);
        var next = manager.GetOrCreateLog(new TopicPartition("a", 2), StorageFixture.TopicId, StorageFixture.Small);
        Assert.Equal(second.LogDirectory.Path, next.LogDirectory.Path);
        Assert.Equal([ErrorCode.KafkaStorageError, ErrorCode.None], manager.Describe().Select(static d => d.ErrorCode));
    }

    [Fact]
    public void A_follower_keeps_the_leaders_offsets_and_refuses_what_does_not_continue_the_log()
    {
        using var log = _fixture.Open();
        byte[] two = [.. Batches.Assigned(0, 2, "a", "b").Span, .. Batches.Assigned(2, 3, "c").Span];
        var info = log.AppendAsFollower(two);
        Assert.Equal((0L, 2L, 3, 2), (info.FirstOffset, info.LastOffset, info.LastLeaderEpoch, info.BatchCount));
        Assert.Equal(ErrorCode.OffsetOutOfRange, Assert.Throws<KafkaException>(() => log.AppendAsFollower(Batches.Assigned(1, 3, "x"))).ErrorCode);
        Assert.Equal(3, log.LogEndOffset);
    }

    [Fact]
    public void The_raft_leader_assigns_its_own_offsets_and_epochs()
    {
        using var log = _fixture.Open();
        log.AppendAsLeader(Batches.Assigned(0, 7, "a"), 7, AppendOrigin.RaftLeader);
        Assert.Equal(ErrorCode.InvalidRecord, Assert.ThrowsAny<KafkaException>(() => log.AppendAsLeader(Batches.Assigned(1, 6, "b"), 7, AppendOrigin.RaftLeader)).ErrorCode);
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Compressed_records_that_no_consumer_could_read_are_refused(CompressionType compression)
    {
        using var log = _fixture.Open();
        var sound = Batches.Compressed(compression, _fixture.Time.NowMs, "a", "b", "c");
        var garbage = sound.ToArray();
        for (var i = RecordBatchHeaderBytes; i < garbage.Length; i++)
            garbage[i] = (byte)((i * 37) + 11);
        Assert.Equal(ErrorCode.InvalidRecord, Refused(log, WithCrc(garbage)).ErrorCode);
        foreach (var count in new[] { 2, 4 })
        {
            var miscounted = sound.ToArray();
            BinaryPrimitives.WriteInt32BigEndian(miscounted.AsSpan(23), count - 1);
            BinaryPrimitives.WriteInt32BigEndian(miscounted.AsSpan(57), count);
            Assert.Equal(ErrorCode.InvalidRecord, Refused(log, WithCrc(miscounted)).ErrorCode);
        }

        Assert.Equal(0, log.LogEndOffset);
        log.AppendAsLeader(sound, 0);
        Assert.Equal(3, log.LogEndOffset);
    }

    [Fact]
    public void The_timestamp_of_a_compressed_batch_is_that_of_its_records()
    {
        using var log = _fixture.Open();
        var batch = Batches.Compressed(CompressionType.Gzip, 1234, "a").ToArray();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), _fixture.Time.NowMs);
        Assert.Equal(1234, log.AppendAsLeader(WithCrc(batch), 0).MaxTimestamp);
        using var data = log.Read(0, 1000, FetchIsolation.LogEnd, true);
        foreach (var read in RecordBatches.Enumerate(data.Records))
        {
            read.EnsureValid();
            Assert.Equal(1234, read.MaxTimestamp);
        }
    }

    [Fact]
    public void Wrongly_numbered_compressed_records_are_written_anew_as_kafka_does()
    {
        using var log = _fixture.Open();
        // Length, attributes, timestamp delta, then the offset delta as a zigzag varint.
        var plain = Batches.Of("a").ToArray();
        plain[RecordBatchHeaderBytes + 3] = 2 << 1;
        Assert.Equal(ErrorCode.InvalidRecord, Refused(log, WithCrc(plain)).ErrorCode);
        using var buffer = new PooledBuffer(BufferPool.Shared, 256, 4096);
        CompressionCodecs.Get(CompressionType.Gzip).Compress(plain.AsSpan(RecordBatchHeaderBytes), buffer);
        byte[] zipped = [.. plain.AsSpan(0, RecordBatchHeaderBytes), .. buffer.WrittenSpan];
        BinaryPrimitives.WriteInt32BigEndian(zipped.AsSpan(8), zipped.Length - 12);
        zipped[22] = (byte)CompressionType.Gzip;
        log.AppendAsLeader(WithCrc(zipped), 0);
        using var data = log.Read(0, 1000, FetchIsolation.LogEnd, true);
        Assert.Equal(["a"], Batches.Values(data.Records));
        foreach (var batch in RecordBatches.Enumerate(data.Records))
        {
            Assert.Equal(CompressionType.Gzip, batch.Compression);
            foreach (ref readonly var record in batch.Records())
                Assert.Equal(0, record.Offset);
        }
    }

    [Fact]
    public void A_producer_may_not_stamp_log_append_time()
    {
        using var log = _fixture.Open(StorageFixture.Small with { TimestampType = TimestampType.LogAppendTime });
        var batch = Batches.Of("a").ToArray();
        batch[22] |= 0x08;
        Assert.Equal(ErrorCode.InvalidTimestamp, Refused(log, WithCrc(batch)).ErrorCode);
    }

    private static byte[] WithCrc(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Compute(batch.AsSpan(21)));
        return batch;
    }

    private static KafkaException Refused(UnifiedLog log, Memory<byte> batch) =>
        Assert.ThrowsAny<KafkaException>(() => log.AppendAsLeader(batch, 0));
}
