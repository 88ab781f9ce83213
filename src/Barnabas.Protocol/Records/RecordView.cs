namespace Barnabas.Protocol.Records;

/// <summary>
/// A view over one record. Keys, values and headers are slices of the batch or of its decompressed bytes: they are
/// good until the enumerator is disposed.
/// </summary>
public struct RecordView
{
    private ReadOnlyMemory<byte> _payload;
    private int _keyStart;
    private int _keyBytes;
    private int _valueStart;
    private int _valueBytes;
    private int _headersStart;

    /// <summary>The record's offset.</summary>
    public long Offset { get; private set; }

    /// <summary>In milliseconds since 1970, or -1.</summary>
    public long Timestamp { get; internal set; }

    /// <summary>The idempotent producer's sequence number, or -1.</summary>
    public int Sequence { get; private set; }

    /// <summary>The offset counted from the batch's base offset.</summary>
    public int OffsetDelta { get; private set; }

    /// <summary>The record's size with its own length field, not compressed.</summary>
    public int SizeInBytes { get; private set; }

    /// <summary>No bit has a meaning yet.</summary>
    public sbyte Attributes { get; private set; }

    /// <summary>How many headers it has.</summary>
    public int HeaderCount { get; private set; }

    /// <summary>Whether the key is there; an empty key is.</summary>
    public readonly bool HasKey => _keyBytes >= 0;

    /// <summary>Whether the value is there; a record without is a tombstone.</summary>
    public readonly bool HasValue => _valueBytes >= 0;

    /// <summary>The size of the key, -1 for none.</summary>
    public readonly int KeySizeInBytes => _keyBytes;

    /// <summary>The size of the value, -1 for none.</summary>
    public readonly int ValueSizeInBytes => _valueBytes;

    /// <summary>The key; empty when there is none (<see cref="HasKey"/>).</summary>
    public readonly ReadOnlyMemory<byte> KeyBytes => _keyBytes > 0 ? _payload.Slice(_keyStart, _keyBytes) : default;

    /// <summary>The value; empty when there is none (<see cref="HasValue"/>).</summary>
    public readonly ReadOnlyMemory<byte> ValueBytes => _valueBytes > 0 ? _payload.Slice(_valueStart, _valueBytes) : default;

    /// <summary>The key, null when there is none.</summary>
    public readonly ReadOnlyMemory<byte>? Key => HasKey ? KeyBytes : default(ReadOnlyMemory<byte>?);

    /// <summary>The value, null when there is none.</summary>
    public readonly ReadOnlyMemory<byte>? Value => HasValue ? ValueBytes : default(ReadOnlyMemory<byte>?);

    /// <summary>The headers, in order; keys may repeat.</summary>
    public readonly RecordHeaderEnumerable Headers => new(_payload, _headersStart, HeaderCount);

    internal void Read(
        ReadOnlyMemory<byte> payload, ReadOnlySpan<byte> body, int bodyStart, long baseOffset, long baseTimestamp, int baseSequence)
    {
        _payload = payload;
        if (body.IsEmpty)
            throw Malformed();
        Attributes = (sbyte)body[0];
        var position = 1;
        if (!Varint.TryRead(body, ref position, out long timestampDelta) || !Varint.TryRead(body, ref position, out int offsetDelta))
            throw Malformed();
        (_keyStart, _keyBytes) = ReadField(body, bodyStart, ref position);
        (_valueStart, _valueBytes) = ReadField(body, bodyStart, ref position);
        if (!Varint.TryRead(body, ref position, out int headerCount))
            throw Malformed();
        _headersStart = bodyStart + position;
        if (headerCount != 0)
            SkipHeaders(body, bodyStart, headerCount, ref position);
        if (position != body.Length)
        {
            throw new InvalidRecordException(
                $"Invalid record size: expected to read {body.Length} bytes in record payload, but instead read {position}");
        }
        HeaderCount = headerCount;
        OffsetDelta = offsetDelta;
        Offset = baseOffset + offsetDelta;
        Timestamp = baseTimestamp + timestampDelta;
        Sequence = baseSequence >= 0 ? RecordBatchLayout.IncrementSequence(baseSequence, offsetDelta) : RecordBatchLayout.NoSequence;
        SizeInBytes = Varint.SizeOf(body.Length) + body.Length;
    }

    // Any negative length means null: Kafka reads it so.
    private static (int Start, int Bytes) ReadField(ReadOnlySpan<byte> body, int bodyStart, ref int position)
    {
        if (!Varint.TryRead(body, ref position, out int length) || length > body.Length - position)
            throw Malformed();
        var start = bodyStart + position;
        if (length < 0)
            return (start, -1);
        position += length;
        return (start, length);
    }

    private static void SkipHeaders(ReadOnlySpan<byte> body, int bodyStart, int headerCount, ref int position)
    {
        if (headerCount < 0)
            throw new InvalidRecordException($"Found invalid number of record headers {headerCount}");
        if (headerCount > body.Length - position)
        {
            throw new InvalidRecordException(
                $"Found invalid number of record headers. {headerCount} is larger than the remaining size of the buffer");
        }
        for (var i = 0; i < headerCount; i++)
        {
            var before = position;
            if (Varint.TryRead(body, ref before, out int keyBytes) && keyBytes < 0)
                throw new InvalidRecordException($"Invalid negative header key size {keyBytes}");
            ReadField(body, bodyStart, ref position);
            ReadField(body, bodyStart, ref position);
        }
    }

    private static InvalidRecordException Malformed() => new("Found invalid record structure");
}
