namespace Barnabas.Protocol.Compression;

/// <summary>Copies.</summary>
internal sealed class NoneCodec : ICompressionCodec
{
    public CompressionType Type => CompressionType.None;

    public void Compress(ReadOnlySpan<byte> source, PooledBuffer destination) => destination.Write(source);

    public void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination) => destination.Write(source);
}
