using System.Buffers.Binary;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Producers;

/// <summary>
/// Kafka's producer snapshot: its version in two bytes, then a <see cref="ProducerSnapshot"/>, whose checksum (CRC-32C) is of
/// all that follows it.
/// </summary>
internal static class ProducerSnapshotFile
{
    private const short Version = 1;
    private const int CrcPosition = 2;
    private const int EntriesPosition = 6;

    public static byte[] Encode(IReadOnlyCollection<ProducerStateEntry> entries)
    {
        var snapshot = new ProducerSnapshot();
        foreach (var entry in entries)
        {
            snapshot.ProducerEntries.Add(new ProducerSnapshot.ProducerEntry
            {
                ProducerId = entry.ProducerId,
                Epoch = entry.ProducerEpoch,
                LastSequence = entry.LastSequence,
                LastOffset = entry.LastDataOffset,
                OffsetDelta = entry.LastOffsetDelta,
                Timestamp = entry.LastTimestamp,
                CoordinatorEpoch = entry.CoordinatorEpoch,
                CurrentTxnFirstOffset = entry.CurrentTransactionFirstOffset,
            });
        }

        using var writer = new MessageWriter();
        writer.WriteInt16(Version);
        snapshot.Write(writer, Version);
        var bytes = writer.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcPosition), Crc32C.Compute(bytes.AsSpan(EntriesPosition)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">The snapshot is damaged.</exception>
    public static List<ProducerStateEntry> Decode(ReadOnlyMemory<byte> bytes)
    {
        var snapshot = Read(bytes);
        var computed = Crc32C.Compute(bytes.Span[EntriesPosition..]);
        if (snapshot.Crc != computed)
            throw new InvalidDataException($"Snapshot is corrupt (CRC is no longer valid). Stored crc: {snapshot.Crc}. Computed crc: {computed}");
        var entries = new List<ProducerStateEntry>(snapshot.ProducerEntries.Count);
        foreach (var entry in snapshot.ProducerEntries)
        {
            BatchMetadata? batch = entry.LastOffset < 0 ? null : new BatchMetadata(entry.LastSequence, entry.LastOffset, entry.OffsetDelta, entry.Timestamp);
            entries.Add(ProducerStateEntry.Restore(
                entry.ProducerId, entry.Epoch, entry.CoordinatorEpoch, entry.Timestamp, Math.Max(-1, entry.CurrentTxnFirstOffset), batch));
        }

        return entries;
    }

    private static ProducerSnapshot Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new MessageReader(bytes);
            var version = reader.ReadInt16();
            if (version != Version)
                throw new InvalidDataException($"Snapshot contained an unknown file version {version}");
            var snapshot = new ProducerSnapshot();
            snapshot.Read(ref reader, version);
            if (reader.Remaining > 0)
                throw new InvalidDataException($"Snapshot failed schema validation: {reader.Remaining} bytes after its entries");
            return snapshot;
        }
        catch (MalformedMessageException e)
        {
            throw new InvalidDataException($"Snapshot failed schema validation: {e.Message}", e);
        }
    }
}
