using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using FsCheck;
using FsCheck.Fluent;

namespace Barnabas.Protocol.Tests.Records;

public sealed class RecordBatchBuilderTests
{
    [Fact]
    public void What_is_written_is_read_back_whatever_the_records_and_the_codec()
    {
        Prop.ForAll<(long Timestamp, byte[]? Key, byte[]? Value, (string? Key, byte[]? Value)[]? Headers)[], byte>((records, codec) =>
        {
            if (records.Length == 0)
                return;
            var options = new RecordBatchOptions { Codec = CompressionCodecs.Get((CompressionType)(codec % 5)), BaseOffset = codec };
            using var builder = new RecordBatchBuilder(options, 1);
            foreach (var record in records)
            {
                var timestamp = Math.Max(-1, record.Timestamp);
                var headers = (record.Headers ?? []).Select(h => new RecordHeader(Utf8(h.Key), SampleRecords.Memory(h.Value))).ToArray();
                var size = builder.SizeInBytesWith(timestamp, record.Key?.Length ?? -1, record.Value?.Length ?? -1, headers);
                builder.Append(timestamp, SampleRecords.Memory(record.Key), SampleRecords.Memory(record.Value), headers);
                Assert.Equal(size, builder.UncompressedSizeInBytes);
            }
            var batch = new RecordBatch(builder.Build());
            batch.EnsureValid();
            var i = 0;
            foreach (var read in batch.Records())
            {
                var record = records[i];
                Assert.Equal(codec + i++, read.Offset);
                Assert.Equal(Math.Max(-1, record.Timestamp), read.Timestamp);
                Assert.Equal(record.Key, read.Key?.ToArray());
                Assert.Equal(record.Value, read.Value?.ToArray());
                Assert.Equal(
                    (record.Headers ?? []).Select(h => (Utf8(h.Key), h.Value is null ? null : Convert.ToHexString(h.Value))),
                    read.Headers.ToArray().Select(h => (h.Key, h.Value is { } v ? Convert.ToHexString(v.Span) : null)));
            }
            Assert.Equal(records.Length, i);
            Assert.Equal(builder.LastOffset, batch.LastOffset);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Offsets_may_have_gaps_and_end_late_but_never_go_back()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { BaseOffset = 10 });
        builder.AppendWithOffset(12, 1, null, new byte[1]);
        builder.AppendWithOffset(15, 2, null, new byte[2]);
        Assert.Throws<ArgumentException>(() => builder.AppendWithOffset(15, 2, null, null));
        builder.OverrideLastOffset(19);
        var batch = new RecordBatch(builder.Build());
        Assert.Equal((10L, 19L, 2), (batch.BaseOffset, batch.LastOffset, batch.RecordCount));
        var offsets = new List<long>();
        foreach (var record in batch.Records())
            offsets.Add(record.Offset);
        Assert.Equal([12, 15], offsets);
    }

    [Fact]
    public void A_delete_horizon_stands_in_for_the_base_timestamp()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { DeleteHorizonMs = 5000 });
        builder.Append(7000, null, new byte[1]);
        builder.Append(4000, null, new byte[1]);
        var batch = new RecordBatch(builder.Build());
        Assert.Equal((5000L, 7000L), (batch.DeleteHorizonMs, batch.MaxTimestamp));
        var timestamps = new List<long>();
        foreach (var record in batch.Records())
            timestamps.Add(record.Timestamp);
        Assert.Equal([7000, 4000], timestamps);
    }

    [Fact]
    public void A_built_batch_takes_nothing_more_and_an_empty_one_cannot_be_built()
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        Assert.Throws<InvalidOperationException>(() => builder.Build());
        builder.Append(1, null, new byte[1]);
        var bytes = builder.Build();
        Assert.True(bytes.Span == builder.Build().Span);
        Assert.Throws<InvalidOperationException>(() => builder.Append(1, null, new byte[1]));
    }

    [Fact]
    public void A_batch_does_not_grow_past_its_limit()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { MaxUncompressedBytes = 1000 });
        builder.Append(1, null, new byte[500]);
        Assert.Throws<DecompressedSizeExceededException>(() => builder.Append(1, null, new byte[500]));
        Assert.Equal(1, builder.RecordCount);
        Assert.Equal(1, new RecordBatch(builder.Build()).RecordCount);
    }

    [Fact]
    public void Transactions_and_idempotence_need_their_numbers()
    {
        using var transactional = new RecordBatchBuilder(new RecordBatchOptions { IsTransactional = true });
        transactional.Append(1, null, new byte[1]);
        Assert.Throws<InvalidOperationException>(() => transactional.Build());
        transactional.SetProducerState(1, 0, -1, isTransactional: true);
        Assert.Throws<InvalidOperationException>(() => transactional.Build());
        transactional.SetProducerState(1, 0, 0, isTransactional: true);
        Assert.True(new RecordBatch(transactional.Build()).IsTransactional);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(int.MaxValue, 1, 0)]
    [InlineData(int.MaxValue - 1, 3, 1)]
    public void Sequence_numbers_wrap_to_zero(int sequence, int increment, int expected)
    {
        Assert.Equal(expected, RecordBatchLayout.IncrementSequence(sequence, increment));
        Assert.Equal(sequence, RecordBatchLayout.DecrementSequence(expected, increment));
    }

    // Lone surrogates have no UTF-8.
    private static string Utf8(string? text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text ?? ""));
}
