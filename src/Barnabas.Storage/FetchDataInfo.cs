using Barnabas.Protocol.Buffers;
using Barnabas.Storage.Indexes;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

/// <summary>Where in a log an offset is.</summary>
/// <param name="Offset">The offset.</param>
/// <param name="SegmentBaseOffset">The base offset of its segment; -1 when unknown.</param>
/// <param name="RelativePosition">The position of its batch in the segment in bytes; -1 when unknown.</param>
public readonly record struct LogOffsetMetadata(long Offset, long SegmentBaseOffset = -1, int RelativePosition = -1);

/// <summary>
/// Whole batches that a read found. Dispose it exactly once, when the bytes are sent: they live in a pool, in the
/// log's tail cache, or in a file (<see cref="FileMemory"/>).
/// </summary>
public sealed class FetchDataInfo : IDisposable
{
    private byte[]? _rented;
    private TailChunk? _chunk;
    private FileMemory? _file;

    internal FetchDataInfo(LogOffsetMetadata metadata, long nextOffset, byte[] rented, int length, bool firstEntryIncomplete)
    {
        FetchOffsetMetadata = metadata;
        NextOffset = nextOffset;
        FirstEntryIncomplete = firstEntryIncomplete;
        if (rented.Length == 0)
            return;
        _rented = rented;
        Records = rented.AsMemory(0, length);
    }

    internal FetchDataInfo(LogOffsetMetadata metadata, long nextOffset, TailChunk chunk, ReadOnlyMemory<byte> records)
    {
        FetchOffsetMetadata = metadata;
        NextOffset = nextOffset;
        _chunk = chunk;
        Records = records;
    }

    internal FetchDataInfo(LogOffsetMetadata metadata, long nextOffset, FileMemory file)
    {
        FetchOffsetMetadata = metadata;
        NextOffset = nextOffset;
        _file = file;
        Records = file.Memory;
    }

    /// <summary>Where the first returned batch is; the asked offset when nothing is returned.</summary>
    public LogOffsetMetadata FetchOffsetMetadata { get; }

    /// <summary>Whole batches, the first of which holds the asked offset. Empty when there is nothing to read.</summary>
    public ReadOnlyMemory<byte> Records { get; }

    /// <summary>The offset after the last returned batch; the asked offset when nothing is returned.</summary>
    public long NextOffset { get; }

    /// <summary>There is a batch, but it exceeds the size limit and the caller did not ask for at least one.</summary>
    public bool FirstEntryIncomplete { get; }

    /// <summary>Whether the bytes come from memory without touching the disk.</summary>
    public bool IsFromMemory => _chunk is not null;

    /// <summary>Aborted transactions among the returned offsets; null unless asked with <see cref="FetchIsolation.TransactionCommitted"/>.</summary>
    public IReadOnlyList<AbortedTransaction>? AbortedTransactions { get; internal set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ByteArrayPool.Instance.Return(rented);
        Interlocked.Exchange(ref _chunk, null)?.Release();
        ((IDisposable?)Interlocked.Exchange(ref _file, null))?.Dispose();
    }
}
