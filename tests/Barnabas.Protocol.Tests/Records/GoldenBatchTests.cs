using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Tests.Records;

public sealed class GoldenBatchTests
{
    public static TheoryData<string, CompressionType, int> Compressed => new()
    {
        { "none-40", CompressionType.None, 40 },
        { "gzip-40", CompressionType.Gzip, 40 },
        { "gzip9-40", CompressionType.Gzip, 40 },
        { "snappy-40", CompressionType.Snappy, 40 },
        { "lz4-40", CompressionType.Lz4, 40 },
        { "lz4level1-40", CompressionType.Lz4, 40 },
        { "lz4level17-40", CompressionType.Lz4, 40 },
        { "zstd-40", CompressionType.Zstd, 40 },
        { "zstdfast-40", CompressionType.Zstd, 40 },
        { "zstd22-40", CompressionType.Zstd, 40 },
        { "snappy-2000", CompressionType.Snappy, 2000 },
        { "lz4-2000", CompressionType.Lz4, 2000 },
        { "gzip-2000", CompressionType.Gzip, 2000 },
        { "zstd-2000", CompressionType.Zstd, 2000 },
    };

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Batches_written_by_Apache_Kafka_are_read(string name, CompressionType type, int count)
    {
        var batch = new RecordBatch(SampleRecords.Golden(name + ".batch"));
        batch.EnsureValid();
        Assert.Equal(type, batch.Compression);
        Assert.Equal(count, batch.RecordCount);
        Assert.Equal(count - 1, batch.LastOffset);
        Assert.Equal(SampleRecords.Timestamp(0), batch.BaseTimestamp);
        Assert.Equal(Enumerable.Range(0, count).Max(SampleRecords.Timestamp), batch.MaxTimestamp);
        SampleRecords.AssertHolds(batch, count);
    }

    [Fact]
    public void An_uncompressed_batch_has_the_very_bytes_that_Apache_Kafka_writes()
    {
        Assert.Equal(SampleRecords.Golden("none-40.batch"), SampleRecords.Build(RecordBatchOptions.Default, 40));
    }

    [Fact]
    public void An_idempotent_batch_has_the_very_bytes_that_Apache_Kafka_writes()
    {
        var options = new RecordBatchOptions
        {
            BaseOffset = 7000,
            ProducerId = 4711,
            ProducerEpoch = 3,
            BaseSequence = 2147483640,
            PartitionLeaderEpoch = 12,
        };
        var bytes = SampleRecords.Build(options, 40);
        Assert.Equal(SampleRecords.Golden("idempotent.batch"), bytes);
        Assert.Equal(31, new RecordBatch(bytes).LastSequence);
    }

    [Fact]
    public void A_batch_with_log_append_time_has_the_very_bytes_that_Apache_Kafka_writes()
    {
        var options = new RecordBatchOptions
        {
            BaseOffset = 5,
            PartitionLeaderEpoch = 2,
            TimestampType = TimestampType.LogAppendTime,
            LogAppendTime = SampleRecords.BaseTimestamp + 99,
        };
        var bytes = SampleRecords.Build(options, 40);
        Assert.Equal(SampleRecords.Golden("logappendtime.batch"), bytes);
        SampleRecords.AssertHolds(new RecordBatch(bytes), 40);
    }

    [Fact]
    public void A_transactional_batch_of_Apache_Kafka_is_read()
    {
        var batch = new RecordBatch(SampleRecords.Golden("transactional.batch"));
        Assert.True(batch.IsTransactional);
        Assert.False(batch.IsControl);
        Assert.Equal(1L << 40, batch.BaseOffset);
        Assert.Equal((1L << 40) + 39, batch.LastOffset);
        Assert.Equal(12, batch.PartitionLeaderEpoch);
        Assert.Equal((4711L, (short)3, 17, 56), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence));
        SampleRecords.AssertHolds(batch, 40);
    }

    [Fact]
    public void What_compaction_leaves_of_an_emptied_batch_is_what_Apache_Kafka_leaves()
    {
        var options = new RecordBatchOptions
        {
            BaseOffset = 100,
            PartitionLeaderEpoch = 9,
            ProducerId = 4711,
            ProducerEpoch = 3,
            BaseSequence = 17,
            IsTransactional = true,
        };
        var full = SampleRecords.Build(options, 40);
        RecordBatchMutator.SetMaxTimestamp(full, TimestampType.CreateTime, SampleRecords.BaseTimestamp);
        Assert.Equal(SampleRecords.Golden("empty.bin"), EmptyRecordBatch.Of(new RecordBatch(full)));
    }

    [Fact]
    public void An_empty_batch_has_no_records()
    {
        var batch = new RecordBatch(SampleRecords.Golden("empty.bin"));
        batch.EnsureValid();
        SampleRecords.AssertHolds(batch, 0);
    }

    [Theory]
    [InlineData("magic0.bin")]
    [InlineData("magic1.bin")]
    public void Message_sets_of_old_formats_are_refused(string name)
    {
        var refused = Assert.Throws<UnsupportedForMessageFormatException>(() => Count(SampleRecords.Golden(name)));
        Assert.Equal(ErrorCode.UnsupportedForMessageFormat, refused.ErrorCode);
    }

    [Fact]
    public void The_upper_bound_of_a_records_size_is_the_one_Apache_Kafka_reckons()
    {
        var bounds = File.ReadAllLines(Path.Combine(SampleRecords.GoldenFolder, "upper-bounds.txt")).Select(int.Parse).ToArray();
        for (var i = 0; i < bounds.Length; i++)
        {
            Assert.Equal(bounds[i], RecordSizes.EstimateBatchSizeUpperBound(
                SampleRecords.Key(i)?.Length ?? -1, SampleRecords.Value(i)?.Length ?? -1, SampleRecords.Headers(i)));
        }
    }

    [Fact]
    public void Murmur2_hashes_as_Apache_Kafka_does()
    {
        foreach (var line in File.ReadAllLines(Path.Combine(SampleRecords.GoldenFolder, "murmur2.txt")))
        {
            var fields = line.Split('\t');
            Assert.Equal(int.Parse(fields[1], null), Murmur2.Hash(System.Text.Encoding.UTF8.GetBytes(fields[0])));
        }
    }

    private static int Count(byte[] bytes)
    {
        var count = 0;
        foreach (var _ in RecordBatches.Enumerate(bytes))
            count++;
        return count;
    }
}
