using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Protocol.Compression;

/// <summary>Names, numbers and levels (KIP-390) of the codecs, as configuration files spell them.</summary>
public static class CompressionTypes
{
    /// <summary>The name in configuration: <c>none</c>, <c>gzip</c>, <c>snappy</c>, <c>lz4</c>, <c>zstd</c>.</summary>
    public static string Name(CompressionType type) => type switch
    {
        CompressionType.None => "none",
        CompressionType.Gzip => "gzip",
        CompressionType.Snappy => "snappy",
        CompressionType.Lz4 => "lz4",
        CompressionType.Zstd => "zstd",
        _ => throw new ArgumentOutOfRangeException(nameof(type), $"Unknown compression type id: {(int)type}"),
    };

    /// <summary>Finds the codec by its configuration name.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out CompressionType? type)
    {
        type = name switch
        {
            "none" => CompressionType.None,
            "gzip" => CompressionType.Gzip,
            "snappy" => CompressionType.Snappy,
            "lz4" => CompressionType.Lz4,
            "zstd" => CompressionType.Zstd,
            _ => null,
        };
        return type is not null;
    }

    /// <summary>The codec by its configuration name.</summary>
    /// <exception cref="ArgumentException">There is no such codec.</exception>
    public static CompressionType Parse(string name) =>
        TryParse(name, out var type) ? type.Value : throw new ArgumentException($"Unknown compression name: {name}", nameof(name));

    /// <summary>Whether the codec has levels to choose from.</summary>
    public static bool HasLevels(CompressionType type) => type is CompressionType.Gzip or CompressionType.Lz4 or CompressionType.Zstd;

    /// <summary>The level used when none is configured; 0 for codecs without levels.</summary>
    public static int DefaultLevel(CompressionType type) => type switch
    {
        CompressionType.Gzip => -1,
        CompressionType.Lz4 => 9,
        CompressionType.Zstd => 3,
        _ => 0,
    };

    /// <summary>Whether the codec takes this level: gzip 1 to 9 or -1, lz4 1 to 17, zstd -131072 to 22.</summary>
    public static bool IsValidLevel(CompressionType type, int level) => type switch
    {
        CompressionType.Gzip => level is -1 or (>= 1 and <= 9),
        CompressionType.Lz4 => level is >= 1 and <= 17,
        CompressionType.Zstd => level is >= -131072 and <= 22,
        _ => level == 0,
    };
}
