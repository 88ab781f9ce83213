using System.Text;

namespace Barnabas.Protocol;

public sealed partial class MessageWriter
{
    /// <summary>Writes a string.</summary>
    /// <exception cref="MessageEncodingException">The string is null, or longer than 32767 bytes.</exception>
    public void WriteString(bool flexible, string? value, string field)
    {
        if (value is null)
            throw MessageEncodingException.ForNull(field);
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > short.MaxValue)
            throw MessageEncodingException.ForLongString(field, length);
        if (flexible)
            WriteUnsignedVarint((uint)length + 1);
        else
            WriteInt16((short)length);
        Encoding.UTF8.GetBytes(value, Claim(length));
    }

    /// <summary>Writes a string or null.</summary>
    /// <exception cref="MessageEncodingException">The string is longer than 32767 bytes.</exception>
    public void WriteNullableString(bool flexible, string? value, string field)
    {
        if (value is not null)
            WriteString(flexible, value, field);
        else if (flexible)
            WriteUnsignedVarint(0);
        else
            WriteInt16(-1);
    }

    /// <summary>Writes bytes.</summary>
    public void WriteBytes(bool flexible, ReadOnlyMemory<byte> value)
    {
        WriteBytesLength(flexible, value.Length);
        WriteRaw(value.Span);
    }

    /// <summary>Writes bytes or null.</summary>
    public void WriteNullableBytes(bool flexible, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
            WriteBytes(flexible, bytes);
        else
            WriteBytesLength(flexible, -1);
    }

    /// <summary>Writes records or null; large ones are spliced, not copied, and must stay as they are until sent.</summary>
    public void WriteRecords(bool flexible, ReadOnlyMemory<byte>? value)
    {
        WriteBytesLength(flexible, value?.Length ?? -1);
        if (value is not { } records)
            return;
        if (records.Length < SpliceThreshold)
        {
            WriteRaw(records.Span);
            return;
        }
        _splices.Add(new Splice(_position, records));
        _splicedLength = checked(_splicedLength + records.Length);
    }

    private void WriteBytesLength(bool flexible, int length)
    {
        if (flexible)
            WriteUnsignedVarint((uint)(length + 1));
        else
            WriteInt32(length);
    }
}
