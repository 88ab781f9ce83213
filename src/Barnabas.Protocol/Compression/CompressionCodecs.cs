namespace Barnabas.Protocol.Compression;

/// <summary>Finds codecs by type and level.</summary>
public static class CompressionCodecs
{
    private static readonly ICompressionCodec[] AtDefaultLevel =
    [
        new NoneCodec(),
        new GzipCodec(CompressionTypes.DefaultLevel(CompressionType.Gzip)),
        new SnappyCodec(),
        new Lz4Codec(CompressionTypes.DefaultLevel(CompressionType.Lz4)),
        new ZstdCodec(CompressionTypes.DefaultLevel(CompressionType.Zstd)),
    ];

    /// <summary>The codec at its default level; what readers use, since a level concerns the writer alone.</summary>
    /// <exception cref="Records.InvalidRecordException">No codec has this number.</exception>
    public static ICompressionCodec Get(CompressionType type) => (int)type < AtDefaultLevel.Length
        ? AtDefaultLevel[(int)type]
        : throw new Records.InvalidRecordException($"Unknown compression type id: {(int)type}");

    /// <summary>A codec that writes at <paramref name="level"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The codec does not know the level.</exception>
    public static ICompressionCodec Create(CompressionType type, int level)
    {
        if (!CompressionTypes.IsValidLevel(type, level))
            throw new ArgumentOutOfRangeException(nameof(level), $"{CompressionTypes.Name(type)} doesn't support given compression level: {level}");
        if (level == CompressionTypes.DefaultLevel(type))
            return Get(type);
        return type switch
        {
            CompressionType.Gzip => new GzipCodec(level),
            CompressionType.Lz4 => new Lz4Codec(level),
            _ => new ZstdCodec(level),
        };
    }
}
