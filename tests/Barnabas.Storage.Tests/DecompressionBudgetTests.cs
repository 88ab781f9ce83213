using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

/// <summary>One budget for what all connections have decompressed at one time.</summary>
public sealed class DecompressionBudgetTests : IDisposable
{
    private const long NowMs = 1_700_000_000_000;

    private static readonly LogConfig Config = StorageFixture.Small with { SegmentBytes = 100_000_000, MaxMessageBytes = 50_000_000 };

    private readonly StorageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void A_batch_beyond_the_budget_is_refused_with_an_error_that_clients_send_again_after(CompressionType type)
    {
        using var log = _fixture.Open(Config);
        Assert.Equal(ErrorCode.RequestTimedOut, Refused(log, Batches.Compressed(type, NowMs, new string('x', 3_900_000))));
        Assert.Equal((0L, 0L), (log.LogEndOffset, _fixture.Decompression.RentedBytes));
        log.AppendAsLeader(Batches.Compressed(type, NowMs, "small"), 1);
        Assert.Equal((1L, 0L), (log.LogEndOffset, _fixture.Decompression.RentedBytes));
    }

    [Fact]
    public void What_one_holds_another_does_not_get_until_it_is_given_back()
    {
        using var log = _fixture.Open(Config);
        var large = new string('x', 900_000);
        var held = new RecordBatch(Batches.Compressed(CompressionType.Zstd, NowMs, new string('y', 1_000_000))).Records(_fixture.Decompression).GetEnumerator();
        Assert.Equal(ErrorCode.RequestTimedOut, Refused(log, Batches.Compressed(CompressionType.Zstd, NowMs, large)));
        held.Dispose();
        log.AppendAsLeader(Batches.Compressed(CompressionType.Zstd, NowMs, large), 1);
        Assert.Equal((1L, 0L), (log.LogEndOffset, _fixture.Decompression.RentedBytes));
    }

    [Fact]
    public void Records_that_the_broker_compresses_anew_count()
    {
        using var log = _fixture.Open(Config with { CompressionType = CompressionType.Lz4 });
        Assert.Equal(ErrorCode.RequestTimedOut, Refused(log, Batches.Of(new string('x', 2_000_000))));
        log.AppendAsLeader(Batches.Of(new string('x', 100_000)), 1);
        Assert.Equal((1L, 0L), (log.LogEndOffset, _fixture.Decompression.RentedBytes));
    }

    [Fact]
    public void What_the_node_itself_reads_counts_and_is_never_refused()
    {
        using var log = _fixture.Open(Config);
        var own = new RecordBatch(Batches.Compressed(CompressionType.Zstd, NowMs, new string('y', 3_900_000))).Records(log.Decompression).GetEnumerator();
        Assert.True(_fixture.Decompression.RentedBytes > _fixture.Decompression.MaxRentedBytes);
        Assert.Equal(ErrorCode.RequestTimedOut, Refused(log, Batches.Compressed(CompressionType.Zstd, NowMs, "small")));
        own.Dispose();
        Assert.Equal(0, _fixture.Decompression.RentedBytes);
        log.AppendAsLeader(Batches.Compressed(CompressionType.Zstd, NowMs, "small"), 1);
    }

    private static ErrorCode Refused(UnifiedLog log, Memory<byte> batch) => Assert.Throws<BufferPoolExhaustedException>(() => log.AppendAsLeader(batch, 1)).ErrorCode;
}
