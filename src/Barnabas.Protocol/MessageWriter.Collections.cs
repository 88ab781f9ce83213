namespace Barnabas.Protocol;

public sealed partial class MessageWriter
{
    /// <summary>Writes the count of an array; -1 for null.</summary>
    public void WriteArrayLength(bool flexible, int count)
    {
        if (flexible)
            WriteUnsignedVarint((uint)(count + 1));
        else
            WriteInt32(count);
    }

    /// <summary>Writes whether a nullable struct follows.</summary>
    internal void WritePresence(bool isPresent) => WriteInt8(isPresent ? (sbyte)1 : (sbyte)-1);

    /// <summary>Writes whether a nullable struct follows inside a tagged field, where Kafka marks it otherwise.</summary>
    internal void WriteTaggedPresence(bool isPresent) => WriteUnsignedVarint(isPresent ? 1u : 0u);

    /// <summary>A list that nobody has asked for yet is null here, and empty.</summary>
    internal void WriteStringList(bool flexible, List<string>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? 0);
        WriteStrings(flexible, items);
    }

    internal void WriteNullableStringList(bool flexible, List<string>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? -1);
        WriteStrings(flexible, items);
    }

    internal void WriteUuidList(bool flexible, List<Uuid>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? 0);
        WriteUuids(items);
    }

    internal void WriteNullableUuidList(bool flexible, List<Uuid>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? -1);
        WriteUuids(items);
    }

    internal void WriteInt8List(bool flexible, List<sbyte>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? 0);
        for (var i = 0; items is not null && i < items.Count; i++)
            WriteInt8(items[i]);
    }

    internal void WriteInt16List(bool flexible, List<short>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? 0);
        for (var i = 0; items is not null && i < items.Count; i++)
            WriteInt16(items[i]);
    }

    internal void WriteInt32List(bool flexible, List<int>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? 0);
        WriteInt32s(items);
    }

    internal void WriteNullableInt32List(bool flexible, List<int>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? -1);
        WriteInt32s(items);
    }

    internal void WriteInt64List(bool flexible, List<long>? items)
    {
        WriteArrayLength(flexible, items?.Count ?? 0);
        for (var i = 0; items is not null && i < items.Count; i++)
            WriteInt64(items[i]);
    }

    private void WriteInt32s(List<int>? items)
    {
        for (var i = 0; items is not null && i < items.Count; i++)
            WriteInt32(items[i]);
    }

    private void WriteUuids(List<Uuid>? items)
    {
        for (var i = 0; items is not null && i < items.Count; i++)
            WriteUuid(items[i]);
    }

    private void WriteStrings(bool flexible, List<string>? items)
    {
        for (var i = 0; items is not null && i < items.Count; i++)
            WriteString(flexible, items[i], "element");
    }
}
