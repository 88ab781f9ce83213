using Barnabas.Protocol.Records;

namespace Barnabas.Raft.Log;

/// <summary>Batches as KRaft appends them: no compression, no producer, one timestamp for every record.</summary>
internal static class RaftBatch
{
    /// <summary>A batch of values without keys.</summary>
    internal static byte[] Data(long baseOffset, int epoch, long timestampMs, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        using var builder = new RecordBatchBuilder(Options(baseOffset, epoch, isControl: false), 512);
        foreach (var value in values) builder.Append(timestampMs, null, value);
        return builder.Build().ToArray();
    }

    /// <summary>A batch of control records.</summary>
    internal static byte[] Control(
        long baseOffset, int epoch, long timestampMs, IReadOnlyList<(ControlRecordType Type, ReadOnlyMemory<byte> Value)> records)
    {
        using var builder = new RecordBatchBuilder(Options(baseOffset, epoch, isControl: true), 512);
        foreach (var (type, value) in records) builder.Append(timestampMs, ControlRecords.Key(type), value);
        return builder.Build().ToArray();
    }

    /// <summary>The bytes that one value takes in a batch, at most.</summary>
    internal static int SizeBound(ReadOnlyMemory<byte> value) => value.Length + 21;

    private static RecordBatchOptions Options(long baseOffset, int epoch, bool isControl) => new()
    {
        BaseOffset = baseOffset,
        PartitionLeaderEpoch = epoch,
        IsControl = isControl,
    };
}
