using System.Buffers.Binary;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Tests.Records;

public sealed class RecordBatchTests
{
    [Fact]
    public void Batches_are_enumerated_one_after_another()
    {
        var first = SampleRecords.Build(RecordBatchOptions.Default, 3);
        var second = SampleRecords.Build(new RecordBatchOptions { BaseOffset = 3, Codec = CompressionCodecs.Get(CompressionType.Lz4) }, 5);
        var enumerator = RecordBatches.Enumerate(Join(first, second)).GetEnumerator();
        Assert.True(enumerator.MoveNext());
        SampleRecords.AssertHolds(enumerator.Current, 3);
        Assert.True(enumerator.MoveNext());
        Assert.Equal(first.Length, enumerator.CurrentPosition);
        Assert.Equal(8, enumerator.Current.NextOffset);
        SampleRecords.AssertHolds(enumerator.Current, 5);
        Assert.False(enumerator.MoveNext());
        Assert.Equal(first.Length + second.Length, enumerator.ConsumedBytes);
    }

    [Fact]
    public void A_batch_cut_short_anywhere_is_corrupt_unless_a_partial_tail_is_expected()
    {
        var first = SampleRecords.Build(RecordBatchOptions.Default, 3);
        var second = SampleRecords.Build(RecordBatchOptions.Default, 4);
        for (var kept = 1; kept < second.Length; kept++)
        {
            var bytes = Join(first, second[..kept]);
            Assert.Equal(ErrorCode.CorruptMessage, Assert.Throws<CorruptRecordException>(() => CountStrict(bytes)).ErrorCode);
            var enumerator = RecordBatches.EnumerateComplete(bytes).GetEnumerator();
            Assert.True(enumerator.MoveNext());
            Assert.False(enumerator.MoveNext());
            Assert.Equal(first.Length, enumerator.ConsumedBytes);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(48)]
    [InlineData(int.MaxValue)]
    public void A_length_that_cannot_be_is_corrupt(int length)
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 3);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), length);
        Assert.Throws<CorruptRecordException>(() => CountStrict(bytes));
    }

    [Fact]
    public void A_batch_above_the_largest_allowed_size_is_corrupt()
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 3);
        var thrown = Assert.Throws<CorruptRecordException>(() =>
        {
            foreach (var _ in RecordBatches.Enumerate(bytes).WithMaxBatchBytes(50))
                Assert.Fail("No batch is that small.");
        });
        Assert.Equal($"Record size {bytes.Length - 12} exceeds the largest allowable message size (50).", thrown.Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void An_unknown_magic_is_corrupt(sbyte magic)
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 3);
        bytes[16] = (byte)magic;
        Assert.Equal($"Invalid magic found in record: {magic}", Assert.Throws<CorruptRecordException>(() => CountStrict(bytes)).Message);
    }

    [Fact]
    public void Every_flipped_bit_from_the_attributes_on_breaks_the_checksum()
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 2);
        for (var bit = 21 * 8; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var batch = new RecordBatch(bytes);
            Assert.False(batch.IsValidCrc());
            Assert.Throws<CorruptRecordException>(batch.EnsureValid);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.True(new RecordBatch(bytes).IsValidCrc());
    }

    [Fact]
    public void A_flipped_bit_in_the_records_never_escapes_as_another_exception()
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 10);
        for (var bit = 57 * 8; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                foreach (var record in new RecordBatch(bytes).Records())
                    _ = record.Headers.ToArray();
            }
            catch (InvalidRecordException)
            {
            }
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_record_count_that_is_too_small_too_large_or_negative_is_invalid()
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 3);
        foreach (var count in new[] { -1, 2, 4, int.MaxValue })
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(57), count);
            Assert.Equal(ErrorCode.InvalidRecord, Assert.Throws<InvalidRecordException>(() => CountRecords(bytes)).ErrorCode);
        }
    }

    [Fact]
    public void An_unknown_codec_is_invalid()
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 3);
        bytes[22] |= 7;
        Assert.Throws<InvalidRecordException>(() => CountRecords(bytes));
    }

    [Fact]
    public void Base_offset_and_leader_epoch_change_without_touching_the_checksum()
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 40);
        var crc = new RecordBatch(bytes).Crc;
        RecordBatchMutator.SetLastOffset(bytes, 1039);
        RecordBatchMutator.SetPartitionLeaderEpoch(bytes, 5);
        var batch = new RecordBatch(bytes);
        batch.EnsureValid();
        Assert.Equal((1000L, 5, crc), (batch.BaseOffset, batch.PartitionLeaderEpoch, batch.Crc));
        SampleRecords.AssertHolds(batch, 40);
    }

    [Fact]
    public void Timestamps_and_producer_state_change_with_the_checksum()
    {
        var bytes = SampleRecords.Build(RecordBatchOptions.Default, 40);
        RecordBatchMutator.SetMaxTimestamp(bytes, TimestampType.LogAppendTime, 12345);
        RecordBatchMutator.SetProducerState(bytes, 9, 2, 100);
        var batch = new RecordBatch(bytes);
        batch.EnsureValid();
        Assert.Equal((TimestampType.LogAppendTime, 12345L), (batch.TimestampType, batch.MaxTimestamp));
        Assert.Equal((9L, (short)2, 100, 139), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence));
        SampleRecords.AssertHolds(batch, 40);
    }

    [Fact]
    public void Iterating_records_allocates_nothing_per_record()
    {
        var batch = new RecordBatch(SampleRecords.Build(RecordBatchOptions.Default, 3000));
        Walk(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = Walk(batch);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(bytes > 3000);
        Assert.True(allocated < 1024, $"{allocated} bytes for 3000 records");
    }

    private static long Walk(RecordBatch batch)
    {
        batch.EnsureValid();
        long bytes = 0;
        foreach (ref readonly var record in batch.Records())
        {
            bytes += record.KeyBytes.Length + record.ValueBytes.Length;
            foreach (var header in record.Headers)
                bytes += header.KeyBytes.Length;
        }
        return bytes;
    }

    private static int CountStrict(byte[] bytes)
    {
        var count = 0;
        foreach (var _ in RecordBatches.Enumerate(bytes))
            count++;
        return count;
    }

    private static int CountRecords(byte[] bytes)
    {
        var count = 0;
        foreach (var _ in new RecordBatch(bytes).Records())
            count++;
        return count;
    }

    private static byte[] Join(byte[] first, byte[] second) => [.. first, .. second];
}
