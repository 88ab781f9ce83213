using System.Buffers.Binary;

namespace Barnabas.Storage.Indexes;

/// <summary>A timestamp (Unix milliseconds, -1 for none) and an offset that goes with it.</summary>
/// <param name="Timestamp">Unix milliseconds; -1 when no record has one.</param>
/// <param name="Offset">The offset.</param>
public readonly record struct TimestampOffset(long Timestamp, long Offset)
{
    /// <summary>Nothing known: timestamp and offset -1.</summary>
    public static readonly TimestampOffset Unknown = new(-1, -1);
}

/// <summary>
/// Timestamps up to which everything at or below an offset lies: 8 bytes timestamp, 4 bytes relative offset,
/// both ascending.
/// </summary>
internal sealed class TimeIndex(IDisk disk, string path, long baseOffset, int maxBytes)
    : IndexFile(disk, path, baseOffset, EntrySize, maxBytes)
{
    public const int EntrySize = 12;

    /// <summary>The last entry; (-1, base) when empty.</summary>
    public TimestampOffset LastEntry
    {
        get
        {
            Span<byte> entry = stackalloc byte[EntrySize];
            return TryReadLast(entry) ? Decode(entry) : new TimestampOffset(-1, BaseOffset);
        }
    }

    /// <summary>The last entry at or below the timestamp; (-1, base) when there is none.</summary>
    public TimestampOffset Lookup(long timestamp)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        return FindFloor(timestamp, entry) < 0 ? new TimestampOffset(-1, BaseOffset) : Decode(entry);
    }

    public TimestampOffset Entry(int index)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        return TryReadAt(index, entry) ? Decode(entry) : throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>Appends when the timestamp is larger than the last one; a full index takes the closing entry only.</summary>
    public void MaybeAppend(long timestamp, long offset, bool closing)
    {
        if (!closing && IsFull)
            throw new InvalidOperationException($"Attempt to append to a full time index {Path}");
        if (timestamp <= LastEntry.Timestamp)
            return;
        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt64BigEndian(entry, timestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[8..], checked((int)(offset - BaseOffset)));
        AppendEntry(entry);
    }

    /// <summary>Drops the entries at or above the offset.</summary>
    public void TruncateTo(long offset)
    {
        var keep = Count;
        while (keep > 0 && Entry(keep - 1).Offset >= offset)
            keep--;
        TruncateToCount(keep);
    }

    protected override int Compare(ReadOnlySpan<byte> entry, long target) =>
        BinaryPrimitives.ReadInt64BigEndian(entry).CompareTo(target);

    protected override void CheckLast(ReadOnlySpan<byte> entry, long logSize)
    {
        var last = Decode(entry);
        if (last.Offset < BaseOffset || last.Timestamp < 0 || last is { Timestamp: 0 } && last.Offset == BaseOffset && Count > 1)
            throw new CorruptIndexException($"Corrupt time index found, time index file ({Path}) has non-zero size but the last entry is {last.Timestamp} at {last.Offset}, base offset {BaseOffset}.");
    }

    private TimestampOffset Decode(ReadOnlySpan<byte> entry) =>
        new(BinaryPrimitives.ReadInt64BigEndian(entry), BaseOffset + BinaryPrimitives.ReadInt32BigEndian(entry[8..]));
}
