namespace Barnabas.Protocol.Records;

/// <summary>The headers of one record: <c>foreach</c> over it allocates nothing.</summary>
public readonly struct RecordHeaderEnumerable
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly int _start;

    // The record's structure was checked when it was read, so lengths are good here.
    internal RecordHeaderEnumerable(ReadOnlyMemory<byte> payload, int start, int count)
    {
        _payload = payload;
        _start = start;
        Count = count;
    }

    /// <summary>How many headers there are.</summary>
    public int Count { get; }

    /// <summary>Starts at the first header.</summary>
    public Enumerator GetEnumerator() => new(_payload, _start, Count);

    /// <summary>The headers with memory of their own.</summary>
    public RecordHeader[] ToArray()
    {
        if (Count == 0)
            return [];
        var headers = new RecordHeader[Count];
        var index = 0;
        foreach (var header in this)
            headers[index++] = new RecordHeader(header.Key, Copy(header.Value));
        return headers;
    }

    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
            return null;
        return bytes.ToArray();
    }

    /// <summary>Steps through the headers.</summary>
    public struct Enumerator
    {
        private readonly ReadOnlyMemory<byte> _payload;
        private int _position;
        private int _remaining;

        internal Enumerator(ReadOnlyMemory<byte> payload, int start, int count)
        {
            _payload = payload;
            _position = start;
            _remaining = count;
        }

        /// <summary>The header that <see cref="MoveNext"/> found.</summary>
        public RecordHeaderView Current { get; private set; }

        /// <summary>Reads the next header.</summary>
        public bool MoveNext()
        {
            if (_remaining == 0)
                return false;
            _remaining--;
            var key = ReadField();
            Current = new RecordHeaderView(key.GetValueOrDefault(), ReadField());
            return true;
        }

        private ReadOnlyMemory<byte>? ReadField()
        {
            Varint.TryRead(_payload.Span, ref _position, out int length);
            if (length < 0)
                return null;
            var field = _payload.Slice(_position, length);
            _position += length;
            return field;
        }
    }
}
