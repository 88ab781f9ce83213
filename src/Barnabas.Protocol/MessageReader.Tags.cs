namespace Barnabas.Protocol;

public ref partial struct MessageReader
{
    /// <summary>
    /// More tagged fields than any schema will ever have in one place. Without it a header of two-byte fields, read
    /// before anybody is authenticated, would cost many times its size (CVE-2026-111115).
    /// </summary>
    internal const int MaxTaggedFields = 1000;

    /// <summary>Reads the number of tagged fields that follow.</summary>
    internal int ReadTagCount()
    {
        var count = ReadUnsignedVarint();
        // A field takes a byte for its tag and one for its size.
        if (count > (uint)Remaining / 2)
            MalformedMessageException.ThrowTags(count, $"the {Remaining} bytes remaining can hold");
        if (count > MaxTaggedFields)
            MalformedMessageException.ThrowTags(count, $"the limit of {MaxTaggedFields}");
        return (int)count;
    }

    /// <summary>Reads a tag and where its field ends.</summary>
    internal int ReadTag(out int end)
    {
        var tag = ReadUnsignedVarint();
        if (tag > int.MaxValue)
            MalformedMessageException.ThrowLength("tag", tag);
        var size = ReadUnsignedVarint();
        if (size > (uint)Remaining)
            MalformedMessageException.ThrowTooShort((int)Math.Min(size, int.MaxValue), Remaining);
        end = _position + (int)size;
        return (int)tag;
    }

    /// <summary>Checks that a known field ended where its size says.</summary>
    internal readonly void EndTag(int end, int tag)
    {
        if (_position != end)
            MalformedMessageException.ThrowTagSize(tag, _position - end);
    }

    /// <summary>Keeps a field that the schema does not know.</summary>
    internal void ReadUnknownTag(int tag, int end, List<RawTaggedField> into) =>
        into.Add(new RawTaggedField(tag, ReadMemory(end - _position)));

    /// <summary>Reads the tagged fields of a struct whose schema knows none; null when there are none.</summary>
    internal List<RawTaggedField>? ReadUnknownTags()
    {
        var count = ReadTagCount();
        if (count == 0)
            return null;
        var fields = new List<RawTaggedField>();
        for (; count > 0; count--)
        {
            var tag = ReadTag(out var end);
            ReadUnknownTag(tag, end, fields);
        }
        return fields;
    }
}
