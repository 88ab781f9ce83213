using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Coordination.Runtime;

/// <summary>Records gathered for one append, with the answers that wait for it.</summary>
internal sealed class CoordinatorBatch : IDisposable
{
    /// <summary>The bytes of a batch's header.</summary>
    public const int HeaderBytes = 61;

    /// <summary>The most that length, attributes, deltas and header count of a record take.</summary>
    private const int RecordOverheadBytes = 5 + 1 + 10 + 5 + 5 + 5 + 1;

    private readonly RecordBatchBuilder _builder;
    private readonly List<DeferredReply> _replies = [];

    public CoordinatorBatch(CompressionType compression, long flushAtMs)
    {
        _builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodecs.Get(compression) });
        FlushAtMs = flushAtMs;
    }

    /// <summary>When the batch is written at the latest, in the milliseconds of the shard's ticks.</summary>
    public long FlushAtMs { get; }

    public int RecordCount => _builder.RecordCount;

    public int SizeInBytes => _builder.UncompressedSizeInBytes;

    /// <summary>Serializes a range of records, before anything of them is applied.</summary>
    /// <exception cref="KafkaException">UNKNOWN_SERVER_ERROR: a record cannot be written at its version.</exception>
    public static Entry[] Serialize(IReadOnlyList<CoordinatorRecord> records, int start, int count)
    {
        var entries = new Entry[count];
        using var writer = new MessageWriter();
        try
        {
            for (var i = 0; i < count; i++)
                entries[i] = Serialize(records[start + i], writer);
        }
        catch (Exception e) when (e is UnsupportedVersionException or MessageEncodingException)
        {
            throw CoordinatorErrors.Wrap(e);
        }

        return entries;
    }

    /// <summary>The most bytes these records take in a batch without compression.</summary>
    public static int SizeOf(Entry[] entries)
    {
        var size = 0;
        foreach (var entry in entries)
            size = checked(size + RecordOverheadBytes + entry.Key.Length + (entry.Value?.Length ?? 0));
        return size;
    }

    public void Add(Entry entry, long timestampMs) => _builder.Append(timestampMs, entry.Key, ToMemory(entry.Value));

    public void AddReply(DeferredReply reply) => _replies.Add(reply);

    public Memory<byte> Build() => _builder.Build();

    /// <summary>The batch is written: its answers wait for <paramref name="endOffset"/> to be committed.</summary>
    public void DeferAll(long endOffset, DeferredReplyQueue queue)
    {
        foreach (var reply in _replies)
        {
            reply.Offset = endOffset;
            queue.Add(reply);
        }
    }

    public void FailAll(KafkaException failure)
    {
        foreach (var reply in _replies)
            reply.Complete(failure);
    }

    public void Dispose() => _builder.Dispose();

    private static Entry Serialize(CoordinatorRecord record, MessageWriter writer)
    {
        writer.Reset();
        CoordinatorRecordFrame.WriteKey(writer, record.Key);
        var key = writer.ToArray();
        if (record.Value is not { } value)
            return new Entry(key, null);

        writer.Reset();
        CoordinatorRecordFrame.WriteValue(writer, value, record.ValueVersion);
        return new Entry(key, writer.ToArray());
    }

    /// <summary>Spelled out, since a null array converts to memory that is empty, not absent.</summary>
    private static ReadOnlyMemory<byte>? ToMemory(byte[]? bytes) =>
        bytes is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(bytes);

    /// <summary>One serialized record; a null value is a tombstone.</summary>
    internal readonly record struct Entry(byte[] Key, byte[]? Value);
}
