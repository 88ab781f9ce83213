using Barnabas.Protocol.Compression;

namespace Barnabas.Protocol.Records;

/// <summary>The records of one batch: <c>foreach</c> over it allocates nothing per record.</summary>
public readonly struct RecordEnumerable
{
    private readonly RecordBatch _batch;
    private readonly BufferPool _pool;

    internal RecordEnumerable(RecordBatch batch, BufferPool pool)
    {
        _batch = batch;
        _pool = pool;
    }

    /// <summary>Decompresses where needed. Dispose the enumerator (<c>foreach</c> does).</summary>
    /// <exception cref="InvalidRecordException">The record count is negative, or the bytes do not decompress.</exception>
    /// <exception cref="DecompressedSizeExceededException">The records are larger than the pool allows.</exception>
    public RecordEnumerator GetEnumerator() => new(_batch, _pool);
}
