using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>Writes a value that is not null as PostgreSQL's binary COPY has it, without its length.</summary>
internal delegate void CopyEncoder(CopyRows rows, object value, TimeZoneInfo zone);

/// <summary>Rows in the format of PostgreSQL's binary COPY, in pooled memory. For one thread.</summary>
internal sealed class CopyRows : IDisposable
{
    private const int Full = 64 * 1024;
    private const int NoValue = -1;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(2 * Full);
    private int _count;

    public CopyRows()
    {
        Bytes("PGCOPY\n"u8);
        Bytes([0xFF, (byte)'\r', (byte)'\n', 0]);
        Int32(0);
        Int32(0);
    }

    /// <summary>Whether enough is there for a write.</summary>
    public bool IsFull => _count >= Full;

    public void BeginRow(int columns) => Int16((short)columns);

    public void Null() => Int32(NoValue);

    /// <summary>A value, its length before it.</summary>
    public void Field(CopyEncoder encode, object value, TimeZoneInfo zone)
    {
        var at = _count;
        Int32(0);
        encode(this, value, zone);
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(at), _count - at - sizeof(int));
    }

    /// <summary>No row follows.</summary>
    public void End() => Int16(-1);

    /// <summary>Writes what is there, and forgets it.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_bytes.AsMemory(0, _count), cancellationToken);
        _count = 0;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    public void Single(float value) => BinaryPrimitives.WriteSingleBigEndian(Take(sizeof(float)), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(sizeof(double)), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    public void Uuid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private Span<byte> Take(int length)
    {
        if (_bytes.Length - _count < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_bytes.Length * 2, _count + length)));
            _bytes.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        _count += length;
        return _bytes.AsSpan(_count - length, length);
    }
}
