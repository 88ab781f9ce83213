using System.Text;
using Barnabas.Protocol.Records;

namespace Barnabas.Broker.Tests.Support;

/// <summary>Record batches of a few words, and back.</summary>
internal static class Records
{
    public const long Now = 1_750_000_000_000;

    public static byte[] Batch(params string[] values) => Batch(Now, values);

    public static byte[] Batch(long timestamp, params string[] values)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        foreach (var value in values)
            builder.Append(timestamp, Encoding.UTF8.GetBytes("key"), Encoding.UTF8.GetBytes(value));
        return builder.Build().ToArray();
    }

    public static byte[] Idempotent(long producerId, short epoch, int sequence, params string[] values)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        foreach (var value in values)
            builder.Append(Now, null, Encoding.UTF8.GetBytes(value));
        builder.SetProducerState(producerId, epoch, sequence, isTransactional: false);
        return builder.Build().ToArray();
    }

    public static byte[] Transactional(long producerId, short epoch, int sequence, params string[] values)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        foreach (var value in values)
            builder.Append(Now, null, Encoding.UTF8.GetBytes(value));
        builder.SetProducerState(producerId, epoch, sequence, isTransactional: true);
        return builder.Build().ToArray();
    }

    public static List<string> Values(ReadOnlyMemory<byte>? records)
    {
        List<string> values = [];
        foreach (var batch in RecordBatches.EnumerateComplete(records ?? default))
        {
            foreach (var record in batch.Records())
                values.Add($"{record.Offset}:{Encoding.UTF8.GetString(record.Value!.Value.Span)}");
        }
        return values;
    }
}
