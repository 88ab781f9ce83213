using System.Buffers;
using System.IO.Compression;
using System.Text;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Protocol.Tests.Records;

namespace Barnabas.Protocol.Tests.Compression;

public sealed class CodecTests
{
    public static TheoryData<CompressionType> Codecs =>
        [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    public static TheoryData<CompressionType> Compressing =>
        [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Bytes_of_every_length_and_kind_come_back(CompressionType type)
    {
        var codec = CompressionCodecs.Get(type);
        var random = new Random(4);
        foreach (var length in new[] { 0, 1, 2, 15, 16, 17, 60, 61, 255, 256, 1000, 32767, 32768, 32769, 65536, 300_000 })
        {
            var noise = new byte[length];
            random.NextBytes(noise);
            var pattern = new byte[length];
            for (var i = 0; i < length; i++)
                pattern[i] = (byte)(random.Next(8) == 0 ? random.Next(256) : i % (length % 7 + 1));
            foreach (var data in new[] { noise, pattern, new byte[length] })
                Assert.Equal(data, Decompress(codec, Compress(codec, data), int.MaxValue));
        }
    }

    [Theory]
    [MemberData(nameof(Compressing))]
    public void A_bomb_stops_at_the_limit(CompressionType type)
    {
        var codec = CompressionCodecs.Get(type);
        var bomb = Compress(codec, new byte[50_000_000]);
        var stopped = Assert.Throws<DecompressedSizeExceededException>(() => Decompress(codec, bomb, 1_000_000));
        Assert.Equal(ErrorCode.MessageTooLarge, stopped.ErrorCode);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_limit_that_is_met_exactly_is_not_exceeded(CompressionType type)
    {
        var codec = CompressionCodecs.Get(type);
        var data = new byte[100_000];
        new Random(5).NextBytes(data);
        var compressed = Compress(codec, data);
        Assert.Equal(data, Decompress(codec, compressed, data.Length));
        Assert.Throws<DecompressedSizeExceededException>(() => Decompress(codec, compressed, data.Length - 1));
    }

    [Theory]
    [MemberData(nameof(Compressing))]
    public void Damaged_bytes_are_invalid_or_decode_but_nothing_else(CompressionType type)
    {
        const int Seed = 6;
        var codec = CompressionCodecs.Get(type);
        var random = new Random(Seed);
        var data = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 4000)));
        var compressed = Compress(codec, data);
        for (var round = 0; round < 500; round++)
        {
            var damaged = compressed.ToArray();
            for (var i = 0; i <= round % 4; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (round % 3 == 0)
                Array.Resize(ref damaged, random.Next(damaged.Length));
            try
            {
                Decompress(codec, damaged, 1_000_000);
            }
            catch (KafkaException e) when (e is InvalidRecordException or DecompressedSizeExceededException)
            {
            }
        }
    }

    [Theory]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Bytes_cut_short_are_invalid(CompressionType type)
    {
        var codec = CompressionCodecs.Get(type);
        var compressed = Compress(codec, new byte[10_000]);
        Assert.Throws<InvalidRecordException>(() => Decompress(codec, compressed[..^1], 1_000_000));
    }

    [Fact]
    public void Bare_snappy_blocks_are_read()
    {
        var expected = string.Concat(Enumerable.Repeat("snappy without framing; ", 4000));
        var codec = CompressionCodecs.Get(CompressionType.Snappy);
        Assert.Equal(expected, Encoding.UTF8.GetString(Decompress(codec, SampleRecords.Golden("snappy-raw.bin"), int.MaxValue)));
    }

    [Fact]
    public void Gzip_of_several_members_is_read_whole()
    {
        using var stream = new MemoryStream();
        foreach (var part in new[] { "first ", "second" })
        {
            using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(Encoding.ASCII.GetBytes(part));
        }
        var codec = CompressionCodecs.Get(CompressionType.Gzip);
        Assert.Equal("first second", Encoding.ASCII.GetString(Decompress(codec, stream.ToArray(), 12)));
    }

    [Theory]
    [InlineData(CompressionType.Gzip, 0)]
    [InlineData(CompressionType.Gzip, 10)]
    [InlineData(CompressionType.Lz4, 0)]
    [InlineData(CompressionType.Lz4, 18)]
    [InlineData(CompressionType.Zstd, 23)]
    [InlineData(CompressionType.Zstd, -131073)]
    [InlineData(CompressionType.Snappy, 1)]
    public void Levels_a_codec_does_not_know_are_refused(CompressionType type, int level)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => CompressionCodecs.Create(type, level));
        Assert.Contains($"{CompressionTypes.Name(type)} doesn't support given compression level: {level}", refused.Message);
    }

    [Fact]
    public void Higher_levels_compress_better()
    {
        var data = Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Range(0, 20_000).Select(i => i * 7919 % 1000)));
        foreach (var (type, low, high) in new[] { (CompressionType.Gzip, 1, 9), (CompressionType.Lz4, 9, 17), (CompressionType.Zstd, -100, 19) })
        {
            var poor = Compress(CompressionCodecs.Create(type, low), data).Length;
            var good = Compress(CompressionCodecs.Create(type, high), data).Length;
            Assert.True(good < poor, $"{type}: level {low} gives {poor} bytes, level {high} gives {good}");
        }
    }

    [Fact]
    public void A_missing_library_is_named_with_the_package_that_brings_it()
    {
        var handle = NativeLibraries.TryLoad(["libnot-on-this-machine.so.7"]);
        var missing = Assert.Throws<CompressionUnavailableException>(
            () => NativeLibraries.Require(handle, CompressionType.Zstd, NativeLibraries.Zstd, "libzstd1"));
        Assert.Equal("zstd compression needs libzstd.so.1, which is not installed: install the Debian package libzstd1 (apt-get install libzstd1).", missing.Message);
    }

    [Fact]
    public void Names_of_codecs_are_those_of_the_configuration()
    {
        foreach (var type in Enum.GetValues<CompressionType>())
            Assert.Equal(type, CompressionTypes.Parse(CompressionTypes.Name(type)));
        Assert.Throws<ArgumentException>(() => CompressionTypes.Parse("brotli"));
    }

    private static byte[] Compress(ICompressionCodec codec, byte[] data)
    {
        using var buffer = new PooledBuffer(BufferPool.Shared, 16, Array.MaxLength);
        codec.Compress(data, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Decompress(ICompressionCodec codec, byte[] data, int limit)
    {
        using var buffer = new PooledBuffer(new BufferPool(ArrayPool<byte>.Shared, limit), 16, limit);
        codec.Decompress(data, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
