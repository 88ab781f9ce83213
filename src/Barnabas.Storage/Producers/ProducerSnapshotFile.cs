using System.Buffers.Binary;
using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Producers;

/// <summary>
/// Kafka's producer snapshot, version 1: version (2), CRC-32C of what follows it (4), number of entries (4), entries of
/// 46 bytes.
/// </summary>
internal static class ProducerSnapshotFile
{
    private const short Version = 1;
    private const int CrcPosition = 2;
    private const int EntriesPosition = 6;
    private const int HeaderSize = 10;
    private const int EntrySize = 46;

    public static byte[] Encode(IReadOnlyCollection<ProducerStateEntry> entries)
    {
        var bytes = new byte[HeaderSize + entries.Count * EntrySize];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(EntriesPosition), entries.Count);
        var at = HeaderSize;
        foreach (var entry in entries)
        {
            var span = bytes.AsSpan(at);
            BinaryPrimitives.WriteInt64BigEndian(span, entry.ProducerId);
            BinaryPrimitives.WriteInt16BigEndian(span[8..], entry.ProducerEpoch);
            BinaryPrimitives.WriteInt32BigEndian(span[10..], entry.LastSequence);
            BinaryPrimitives.WriteInt64BigEndian(span[14..], entry.LastDataOffset);
            BinaryPrimitives.WriteInt32BigEndian(span[22..], entry.LastOffsetDelta);
            BinaryPrimitives.WriteInt64BigEndian(span[26..], entry.LastTimestamp);
            BinaryPrimitives.WriteInt32BigEndian(span[34..], entry.CoordinatorEpoch);
            BinaryPrimitives.WriteInt64BigEndian(span[38..], entry.CurrentTransactionFirstOffset);
            at += EntrySize;
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcPosition), Crc32C.Compute(bytes.AsSpan(EntriesPosition)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">The snapshot is damaged.</exception>
    public static List<ProducerStateEntry> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            throw new InvalidDataException("Snapshot failed schema validation: too short");
        var version = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (version != Version)
            throw new InvalidDataException($"Snapshot contained an unknown file version {version}");
        var stored = BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcPosition..]);
        var computed = Crc32C.Compute(bytes[EntriesPosition..]);
        if (stored != computed)
            throw new InvalidDataException($"Snapshot is corrupt (CRC is no longer valid). Stored crc: {stored}. Computed crc: {computed}");
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[EntriesPosition..]);
        if (count < 0 || (long)count * EntrySize != bytes.Length - HeaderSize)
            throw new InvalidDataException($"Snapshot failed schema validation: {count} entries in {bytes.Length} bytes");
        var entries = new List<ProducerStateEntry>(count);
        for (var i = 0; i < count; i++)
        {
            var span = bytes.Slice(HeaderSize + i * EntrySize, EntrySize);
            var lastOffset = BinaryPrimitives.ReadInt64BigEndian(span[14..]);
            var timestamp = BinaryPrimitives.ReadInt64BigEndian(span[26..]);
            BatchMetadata? batch = lastOffset < 0 ? null : new BatchMetadata(
                BinaryPrimitives.ReadInt32BigEndian(span[10..]), lastOffset, BinaryPrimitives.ReadInt32BigEndian(span[22..]), timestamp);
            entries.Add(ProducerStateEntry.Restore(
                BinaryPrimitives.ReadInt64BigEndian(span),
                BinaryPrimitives.ReadInt16BigEndian(span[8..]),
                BinaryPrimitives.ReadInt32BigEndian(span[34..]),
                timestamp,
                Math.Max(-1, BinaryPrimitives.ReadInt64BigEndian(span[38..])),
                batch));
        }

        return entries;
    }
}
