using System.Buffers.Binary;
using System.Text;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Tests.Support;

internal static class Batches
{
    public static byte[] Of(long baseOffset, params string[] values) => Build(new RecordBatchOptions { BaseOffset = baseOffset, PartitionLeaderEpoch = 1 }, values);

    public static byte[] Transactional(long baseOffset, long producerId, params string[] values) =>
        Build(new RecordBatchOptions { BaseOffset = baseOffset, PartitionLeaderEpoch = 1, ProducerId = producerId, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, values);

    public static byte[] Marker(long offset, long producerId, bool isCommit)
    {
        var options = new RecordBatchOptions { BaseOffset = offset, PartitionLeaderEpoch = 1, ProducerId = producerId, ProducerEpoch = 0, IsTransactional = true, IsControl = true };
        using var builder = new RecordBatchBuilder(options);
        var key = new byte[4];
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), isCommit ? (short)1 : (short)0);
        builder.Append(1, key, new byte[6]);
        return builder.Build().ToArray();
    }

    public static byte[] Join(params byte[][] batches) => [.. batches.SelectMany(batch => batch)];

    private static byte[] Build(RecordBatchOptions options, string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        foreach (var value in values) builder.Append(1, null, Encoding.UTF8.GetBytes(value));
        return builder.Build().ToArray();
    }
}
