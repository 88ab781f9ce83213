namespace Barnabas.Protocol;

public ref partial struct MessageReader
{
    /// <summary>
    /// Reads the count of an array; -1 for null. No array can have more elements than the bytes left hold at
    /// <paramref name="minimumSize"/> bytes an element.
    /// </summary>
    public int ReadArrayLength(bool flexible, int minimumSize, bool isNullable, string field)
    {
        var count = flexible ? (int)ReadUnsignedVarint() - 1 : ReadInt32();
        if (count < 0)
        {
            // Kafka takes any negative count of the older encoding for null.
            if (!isNullable)
                MalformedMessageException.ThrowNull(field);
            return -1;
        }
        if (count > Remaining / minimumSize)
            MalformedMessageException.ThrowCount(field, count, Remaining);
        return count;
    }

    /// <summary>
    /// The capacity a list of references starts with: its count, but never more memory than there are bytes left to
    /// read; past that it grows as elements arrive.
    /// </summary>
    internal readonly int CapacityFor(int count) => Math.Min(count, 4 + (Remaining / IntPtr.Size));

    /// <summary>Reads whether a nullable struct follows.</summary>
    internal bool ReadPresence(string field)
    {
        var mark = ReadInt8();
        if (mark is not (1 or -1))
            MalformedMessageException.ThrowLength(field, mark);
        return mark == 1;
    }

    /// <summary>Reads whether a nullable struct follows inside a tagged field, where Kafka marks it otherwise.</summary>
    internal bool ReadTaggedPresence() => ReadUnsignedVarint() != 0;

    /// <summary>Null when empty: lists of messages are made when somebody asks for them.</summary>
    internal List<string>? ReadStringList(bool flexible, string field)
    {
        var count = ReadArrayLength(flexible, flexible ? 1 : 2, isNullable: false, field);
        return count == 0 ? null : ReadStrings(count, flexible, field);
    }

    internal List<string>? ReadNullableStringList(bool flexible)
    {
        var count = ReadArrayLength(flexible, flexible ? 1 : 2, isNullable: true, "array");
        return count < 0 ? null : ReadStrings(count, flexible, "element");
    }

    internal List<Uuid>? ReadUuidList(bool flexible, string field)
    {
        var count = ReadArrayLength(flexible, 16, isNullable: false, field);
        return count == 0 ? null : ReadUuids(count);
    }

    internal List<Uuid>? ReadNullableUuidList(bool flexible)
    {
        var count = ReadArrayLength(flexible, 16, isNullable: true, "array");
        return count < 0 ? null : ReadUuids(count);
    }

    internal List<sbyte>? ReadInt8List(bool flexible, string field)
    {
        var count = ReadArrayLength(flexible, 1, isNullable: false, field);
        if (count == 0)
            return null;
        var items = new List<sbyte>(count);
        for (var i = 0; i < count; i++)
            items.Add(ReadInt8());
        return items;
    }

    internal List<short>? ReadInt16List(bool flexible, string field)
    {
        var count = ReadArrayLength(flexible, 2, isNullable: false, field);
        if (count == 0)
            return null;
        var items = new List<short>(count);
        for (var i = 0; i < count; i++)
            items.Add(ReadInt16());
        return items;
    }

    internal List<int>? ReadInt32List(bool flexible, string field)
    {
        var count = ReadArrayLength(flexible, 4, isNullable: false, field);
        return count == 0 ? null : ReadInt32s(count);
    }

    internal List<int>? ReadNullableInt32List(bool flexible)
    {
        var count = ReadArrayLength(flexible, 4, isNullable: true, "array");
        return count < 0 ? null : ReadInt32s(count);
    }

    internal List<long>? ReadInt64List(bool flexible, string field)
    {
        var count = ReadArrayLength(flexible, 8, isNullable: false, field);
        if (count == 0)
            return null;
        var items = new List<long>(count);
        for (var i = 0; i < count; i++)
            items.Add(ReadInt64());
        return items;
    }

    private List<int> ReadInt32s(int count)
    {
        var items = new List<int>(count);
        for (var i = 0; i < count; i++)
            items.Add(ReadInt32());
        return items;
    }

    private List<Uuid> ReadUuids(int count)
    {
        var items = new List<Uuid>(count);
        for (var i = 0; i < count; i++)
            items.Add(ReadUuid());
        return items;
    }

    private List<string> ReadStrings(int count, bool flexible, string field)
    {
        var items = new List<string>(CapacityFor(count));
        for (var i = 0; i < count; i++)
            items.Add(ReadName(flexible, field));
        return items;
    }
}
