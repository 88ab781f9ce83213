using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Tests.Support;

namespace Barnabas.Protocol.Tests.Fuzzing;

/// <summary>Every decoder on bytes that were changed at random: it reads or refuses them, in memory that the bytes justify.</summary>
public sealed class DecoderFuzzTests
{
    private const int FixedAllowance = 256 * 1024;
    private const int AllowancePerByte = 64;
    private const int MaxDecompressedBytes = 1 << 20;

    [Fact]
    public void Messages_of_every_API_record_and_version()
    {
        // What a class takes once, when it is first met, is no message's.
        foreach (var line in GoldenFile.Lines)
        {
            var reader = new MessageReader(line.Bytes);
            Schemas.New(line.Message).Read(ref reader, line.Version);
        }
        foreach (var seed in FuzzSeeds.From(1, 2))
        {
            var mutator = new Mutator(seed);
            foreach (var line in GoldenFile.Lines)
            {
                var bytes = mutator.Mutate(line.Bytes);
                var message = Schemas.New(line.Message);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    var reader = new MessageReader(bytes);
                    message.Read(ref reader, line.Version);
                }
                catch (MalformedMessageException)
                {
                }
                catch (Exception e)
                {
                    Assert.Fail($"{line}, replay with BARNABAS_FUZZ_SEED={seed}: {e}");
                }
                var taken = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(taken < FixedAllowance + ((long)bytes.Length * AllowancePerByte), $"{line} took {taken} bytes for {bytes.Length}; replay with BARNABAS_FUZZ_SEED={seed}");
            }
        }
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Record_batches_whose_checksum_is_not_looked_at(CompressionType codec)
    {
        var pool = new BufferPool(System.Buffers.ArrayPool<byte>.Shared, MaxDecompressedBytes, 4 * MaxDecompressedBytes);
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodecs.Get(codec) });
        for (var i = 0; i < 30; i++)
            builder.Append(1_000_000 + i, i % 3 == 0 ? null : new byte[] { (byte)i }, new byte[i * 11], [new RecordHeader("h", new byte[i])]);
        var good = builder.Build().ToArray();
        foreach (var seed in FuzzSeeds.From([.. Enumerable.Range(1, 200)]))
        {
            var bytes = new Mutator(seed).Mutate(good);
            try
            {
                foreach (var batch in RecordBatches.EnumerateComplete(bytes))
                {
                    foreach (ref readonly var record in batch.Records(pool))
                        _ = record.Offset + record.KeyBytes.Length + record.ValueBytes.Length + record.Headers.ToArray().Length;
                }
            }
            catch (Exception e) when (e is InvalidRecordException or CorruptRecordException or DecompressedSizeExceededException or UnsupportedForMessageFormatException or BufferPoolExhaustedException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"replay with BARNABAS_FUZZ_SEED={seed}: {e}");
            }
            Assert.True(pool.RentedBytes == 0, $"{pool.RentedBytes} bytes were not given back; replay with BARNABAS_FUZZ_SEED={seed}");
        }
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Compressed_bytes_of_every_codec(CompressionType type)
    {
        var codec = CompressionCodecs.Get(type);
        var text = new byte[5000];
        new Random(7).NextBytes(text.AsSpan(0, 1000));
        using var compressed = new PooledBuffer(BufferPool.Shared, 64, MaxDecompressedBytes);
        codec.Compress(text, compressed);
        var good = compressed.WrittenSpan.ToArray();
        foreach (var seed in FuzzSeeds.From([.. Enumerable.Range(1, 200)]))
        {
            using var buffer = new PooledBuffer(BufferPool.Shared, 64, MaxDecompressedBytes);
            try
            {
                codec.Decompress(new Mutator(seed).Mutate(good), buffer);
            }
            catch (Exception e) when (e is InvalidRecordException or CorruptRecordException or DecompressedSizeExceededException or InvalidDataException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"replay with BARNABAS_FUZZ_SEED={seed}: {e}");
            }
            Assert.True(buffer.WrittenBytes <= MaxDecompressedBytes, $"replay with BARNABAS_FUZZ_SEED={seed}");
        }
    }
}
