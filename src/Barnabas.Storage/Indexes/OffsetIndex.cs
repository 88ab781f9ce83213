using System.Buffers.Binary;

namespace Barnabas.Storage.Indexes;

/// <summary>An offset and where its batch begins in the segment file.</summary>
internal readonly record struct OffsetPosition(long Offset, int Position);

/// <summary>
/// Maps the last offset of a batch to the batch's position: 4 bytes offset relative to the base, 4 bytes position.
/// </summary>
internal sealed class OffsetIndex(IDisk disk, string path, long baseOffset, int maxBytes)
    : IndexFile(disk, path, baseOffset, EntrySize, maxBytes)
{
    public const int EntrySize = 8;

    /// <summary>The last entry; (base, 0) when empty.</summary>
    public OffsetPosition LastEntry
    {
        get
        {
            Span<byte> entry = stackalloc byte[EntrySize];
            return TryReadLast(entry) ? Decode(entry) : new OffsetPosition(BaseOffset, 0);
        }
    }

    /// <summary>The last entry at or below the offset; (base, 0) when there is none.</summary>
    public OffsetPosition Lookup(long offset)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        return FindFloor(offset, entry) < 0 ? new OffsetPosition(BaseOffset, 0) : Decode(entry);
    }

    public OffsetPosition Entry(int index)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        return TryReadAt(index, entry) ? Decode(entry) : throw new ArgumentOutOfRangeException(nameof(index));
    }

    public void Append(long offset, int position)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt32BigEndian(entry, checked((int)(offset - BaseOffset)));
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
        AppendEntry(entry);
    }

    /// <summary>Drops the entries at or above the offset.</summary>
    public void TruncateTo(long offset)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        TruncateToCount(FindFloor(offset - 1, entry) + 1);
    }

    protected override int Compare(ReadOnlySpan<byte> entry, long target) =>
        (BaseOffset + BinaryPrimitives.ReadInt32BigEndian(entry)).CompareTo(target);

    protected override void CheckLast(ReadOnlySpan<byte> entry, long logSize)
    {
        var last = Decode(entry);
        // Zeros are what a lost trim or a lost write leaves behind.
        if (last.Offset < BaseOffset || last.Position < 0 || last.Position >= logSize || last is { Position: 0 } && last.Offset == BaseOffset)
            throw new CorruptIndexException($"Corrupt index found, index file ({Path}) has non-zero size but the last offset is {last.Offset} which is no greater than the base offset {BaseOffset}.");
    }

    private OffsetPosition Decode(ReadOnlySpan<byte> entry) =>
        new(BaseOffset + BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..]));
}
