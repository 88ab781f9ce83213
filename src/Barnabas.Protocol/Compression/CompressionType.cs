namespace Barnabas.Protocol.Compression;

/// <summary>The codec of a record batch: the low three bits of its attributes.</summary>
public enum CompressionType : byte
{
    /// <summary>The records stand as they are.</summary>
    None = 0,

    /// <summary>RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Snappy blocks in the framing of the Java library (xerial); readers take bare blocks too.</summary>
    Snappy = 2,

    /// <summary>LZ4 frames.</summary>
    Lz4 = 3,

    /// <summary>Zstandard frames (KIP-110).</summary>
    Zstd = 4,
}
