using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Micro;

/// <summary>Batches to measure with; the same bytes in every run.</summary>
internal static class Samples
{
    public static byte[] Batch(int records, int valueBytes, CompressionType codec = CompressionType.None)
    {
        var value = new byte[valueBytes];
        new Random(7).NextBytes(value);
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodecs.Get(codec) });
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var i = 0; i < records; i++)
            builder.Append(nowMs, null, value);
        return builder.Build().ToArray();
    }
}
