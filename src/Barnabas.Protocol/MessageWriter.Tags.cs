namespace Barnabas.Protocol;

public sealed partial class MessageWriter
{
    /// <summary>Writes a tag and leaves one byte for the size of its field, which most need no more of.</summary>
    internal FrameMark BeginTag(int tag)
    {
        WriteUnsignedVarint((uint)tag);
        var mark = new FrameMark(_position, WrittenLength + 1);
        WriteInt8(0);
        return mark;
    }

    /// <summary>Fills in the size; a field larger than 127 bytes moves up to make room for it.</summary>
    internal void EndTag(FrameMark mark)
    {
        var size = (uint)(WrittenLength - mark.Start);
        var more = 0;
        for (var rest = size >> 7; rest > 0; rest >>= 7)
            more++;
        if (more > 0)
            MakeRoom(mark.At + 1, more);
        var at = mark.At;
        for (; size >= 0x80; size >>= 7)
            _buffer[at++] = (byte)(size | 0x80);
        _buffer[at] = (byte)size;
    }

    /// <summary>Writes a struct's whole tagged section, for a schema that knows no tag there.</summary>
    /// <exception cref="MessageEncodingException">The tags are not in ascending order.</exception>
    internal void WriteUnknownTags(List<RawTaggedField>? fields)
    {
        WriteUnsignedVarint((uint)(fields?.Count ?? 0));
        WriteUnknownTagsBelow(int.MaxValue, fields, 0);
    }

    /// <summary>Writes the unknown fields that come before a known tag.</summary>
    /// <returns>The index of the first one that does not.</returns>
    /// <exception cref="MessageEncodingException">The tags are not in ascending order, or one is the known tag itself.</exception>
    internal int WriteUnknownTagsBelow(int tag, List<RawTaggedField>? fields, int from)
    {
        if (fields is null)
            return 0;
        for (; from < fields.Count && (fields[from].Tag < tag || tag == int.MaxValue); from++)
        {
            if (from > 0 && fields[from].Tag <= fields[from - 1].Tag)
                throw new MessageEncodingException($"tag {fields[from].Tag} follows tag {fields[from - 1].Tag}");
            WriteUnsignedVarint((uint)fields[from].Tag);
            WriteBytesWithSize(fields[from].Data.Span);
        }
        if (from < fields.Count && fields[from].Tag == tag)
            throw new MessageEncodingException($"tag {tag} is both known and kept as unknown");
        return from;
    }

    private void WriteBytesWithSize(ReadOnlySpan<byte> data)
    {
        WriteUnsignedVarint((uint)data.Length);
        WriteRaw(data);
    }

    private void MakeRoom(int at, int count)
    {
        Claim(count);
        _buffer.AsSpan(at, _position - count - at).CopyTo(_buffer.AsSpan(at + count));
        for (var i = _splices.Count - 1; i >= 0 && _splices[i].At >= at; i--)
            _splices[i] = _splices[i] with { At = _splices[i].At + count };
    }
}
