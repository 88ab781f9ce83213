using System.Diagnostics.CodeAnalysis;
using Barnabas.Protocol.Compression;

namespace Barnabas.Protocol.Records;

/// <summary>
/// Steps through the records of a batch, checking each one's structure whole. Owns the decompressed bytes: dispose it
/// exactly once, and do not use copies of it.
/// </summary>
public struct RecordEnumerator : IDisposable
{
    private readonly BufferPool _pool;
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly long _logAppendTime;
    private readonly int _baseSequence;
    private readonly bool _isLogAppendTime;
    private byte[]? _rented;
    private int _remaining;
    private int _position;
    private RecordView _current;

    internal RecordEnumerator(RecordBatch batch, BufferPool pool)
    {
        _pool = pool;
        _baseOffset = batch.BaseOffset;
        _baseTimestamp = batch.BaseTimestamp;
        _baseSequence = batch.BaseSequence;
        _isLogAppendTime = batch.TimestampType == TimestampType.LogAppendTime;
        _logAppendTime = batch.MaxTimestamp;
        _remaining = batch.RecordCount;
        if (_remaining < 0)
            throw new InvalidRecordException($"Found invalid record count {_remaining} in magic v{batch.Magic} batch");
        _payload = batch.Compression == CompressionType.None || _remaining == 0
            ? batch.Payload
            : Decompress(batch, pool, out _rented);
    }

    /// <summary>The record that <see cref="MoveNext"/> found; good until the enumerator moves or is disposed.</summary>
    [UnscopedRef]
    public readonly ref readonly RecordView Current => ref _current;

    /// <summary>How many bytes the records have when not compressed.</summary>
    public readonly int UncompressedBytes => _payload.Length;

    /// <summary>Reads the next record.</summary>
    /// <exception cref="InvalidRecordException">It breaks the format, or the batch ends before or after its record count says.</exception>
    public bool MoveNext()
    {
        var payload = _payload.Span;
        if (_remaining == 0)
            return false;
        if (!Varint.TryRead(payload, ref _position, out int bodyBytes))
            throw new InvalidRecordException("Incorrect declared batch size, premature EOF reached");
        if (bodyBytes < 0 || bodyBytes > payload.Length - _position)
        {
            throw new InvalidRecordException(
                $"Invalid record size: expected {bodyBytes} bytes in record payload, but instead the buffer has only {payload.Length - _position} remaining bytes.");
        }
        _current.Read(_payload, payload.Slice(_position, bodyBytes), _position, _baseOffset, _baseTimestamp, _baseSequence);
        if (_isLogAppendTime)
            _current.Timestamp = _logAppendTime;
        _position += bodyBytes;
        if (--_remaining == 0 && _position != payload.Length)
            throw new InvalidRecordException("Incorrect declared batch size, records still remaining in file");
        return true;
    }

    /// <summary>Gives the decompressed bytes back to the pool.</summary>
    public void Dispose()
    {
        if (_rented is not { } rented)
            return;
        _rented = null;
        _pool.Return(rented);
    }

    private static ReadOnlyMemory<byte> Decompress(RecordBatch batch, BufferPool pool, out byte[] rented)
    {
        var codec = CompressionCodecs.Get(batch.Compression);
        var payload = batch.Payload.Span;
        using var buffer = new PooledBuffer(pool, (int)Math.Min(payload.Length * 4L, pool.MaxDecompressedBytes), pool.MaxDecompressedBytes);
        codec.Decompress(payload, buffer);
        var length = buffer.WrittenBytes;
        rented = buffer.Detach();
        return rented.AsMemory(0, length);
    }
}
