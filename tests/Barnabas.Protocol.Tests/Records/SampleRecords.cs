using System.Buffers.Binary;
using System.Text;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Tests.Records;

/// <summary>The records of tests/golden/GoldenBatches.java: what stands there as key(i), value(i) and so on.</summary>
internal static class SampleRecords
{
    public const long BaseTimestamp = 1_713_763_500_000;

    public static string GoldenFolder => Path.Combine(AppContext.BaseDirectory, "Records", "Golden");

    public static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(GoldenFolder, name));

    public static byte[]? Key(int i) => i % 5 == 0 ? null : i % 5 == 1 ? [] : Encoding.UTF8.GetBytes($"key-{i}");

    public static byte[]? Value(int i) =>
        i % 7 == 3 ? null : Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"value-{i};", i % 20)));

    public static long Timestamp(int i) => BaseTimestamp + 13L * i - 1000L * (i % 4);

    public static RecordHeader[] Headers(int i)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, i);
        RecordHeader[] all = [new("h\u00e9ader", number), new("", null)];
        return all[..(i % 3)];
    }

    public static byte[] Build(RecordBatchOptions options, int count)
    {
        using var builder = new RecordBatchBuilder(options);
        for (var i = 0; i < count; i++)
            builder.Append(Timestamp(i), Memory(Key(i)), Memory(Value(i)), Headers(i));
        return builder.Build().ToArray();
    }

    public static ReadOnlyMemory<byte>? Memory(byte[]? bytes)
    {
        if (bytes is null)
            return null;
        return bytes;
    }

    public static void AssertHolds(RecordBatch batch, int count)
    {
        var i = 0;
        foreach (var record in batch.Records())
        {
            Assert.Equal(batch.BaseOffset + i, record.Offset);
            Assert.Equal(batch.TimestampType == TimestampType.LogAppendTime ? batch.MaxTimestamp : Timestamp(i), record.Timestamp);
            Assert.Equal(Key(i), record.Key?.ToArray());
            Assert.Equal(Value(i), record.Value?.ToArray());
            Assert.Equal(
                Headers(i).Select(h => (h.Key, Hex(h.Value))),
                record.Headers.ToArray().Select(h => (h.Key, Hex(h.Value))));
            i++;
        }
        Assert.Equal(count, i);
    }

    private static string? Hex(ReadOnlyMemory<byte>? bytes) => bytes is { } present ? Convert.ToHexString(present.Span) : null;
}
