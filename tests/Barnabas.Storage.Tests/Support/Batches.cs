using System.Text;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Tests.Support;

/// <summary>Record batches for tests.</summary>
internal static class Batches
{
    public static Memory<byte> Of(params string[] values) => Build(RecordBatchOptions.Default, 1_700_000_000_000, values);

    public static Memory<byte> At(long timestamp, params string[] values) => Build(RecordBatchOptions.Default, timestamp, values);

    public static Memory<byte> Compressed(CompressionType type, long timestamp, params string[] values) =>
        Build(new RecordBatchOptions { Codec = CompressionCodecs.Get(type) }, timestamp, values);

    public static Memory<byte> Idempotent(long producerId, short epoch, int sequence, bool transactional, long timestamp, params string[] values) => Build(
        new RecordBatchOptions { ProducerId = producerId, ProducerEpoch = epoch, BaseSequence = sequence, IsTransactional = transactional }, timestamp, values);

    public static Memory<byte> Marker(bool commit, long producerId, short epoch, long timestamp) =>
        new EndTransactionMarker(commit, 0).BuildBatch(0, timestamp, -1, producerId, epoch);

    public static Memory<byte> Assigned(long baseOffset, int epoch, params string[] values)
    {
        var bytes = Of(values);
        RecordBatchMutator.SetBaseOffset(bytes.Span, baseOffset);
        RecordBatchMutator.SetPartitionLeaderEpoch(bytes.Span, epoch);
        return bytes;
    }

    public static Memory<byte> WithNullKey(string value)
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        builder.Append(1_700_000_000_000, null, Encoding.UTF8.GetBytes(value));
        return builder.Build().ToArray();
    }

    public static List<string> Values(ReadOnlyMemory<byte> records)
    {
        var values = new List<string>();
        foreach (var batch in RecordBatches.Enumerate(records))
        {
            foreach (ref readonly var record in batch.Records())
                values.Add(Encoding.UTF8.GetString(record.ValueBytes.Span));
        }

        return values;
    }

    private static byte[] Build(RecordBatchOptions options, long timestamp, string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        foreach (var value in values)
            builder.Append(timestamp, Encoding.UTF8.GetBytes("k"), Encoding.UTF8.GetBytes(value));
        return builder.Build().ToArray();
    }
}
