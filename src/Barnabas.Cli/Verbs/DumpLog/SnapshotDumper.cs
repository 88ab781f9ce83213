using System.Buffers.Binary;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>Prints snapshots of producer state and indexes of aborted transactions.</summary>
internal static class SnapshotDumper
{
    private const int HeaderBytes = 6;
    private const int AbortedTransactionBytes = 34;

    public static void DumpProducers(string file, TextWriter output, TextWriter error)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes.Length < HeaderBytes)
        {
            error.WriteLine($"Snapshot failed schema validation: only {bytes.Length} bytes");
            return;
        }

        var version = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (version != 1)
        {
            error.WriteLine($"Snapshot contained an unknown file version {version}");
            return;
        }

        var stored = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(2));
        var computed = Crc32C.Compute(bytes.AsSpan(HeaderBytes));
        if (stored != computed)
        {
            error.WriteLine($"Snapshot is corrupt (CRC is no longer valid). Stored crc: {stored}. Computed crc: {computed}");
            return;
        }

        var snapshot = new ProducerSnapshot();
        var reader = new MessageReader(bytes.AsMemory(2));
        snapshot.Read(ref reader, version);
        foreach (var entry in snapshot.ProducerEntries)
        {
            var open = entry.CurrentTxnFirstOffset >= 0 ? $"OptionalLong[{entry.CurrentTxnFirstOffset}]" : "OptionalLong.empty";
            output.Write($"producerId: {entry.ProducerId} producerEpoch: {entry.Epoch} coordinatorEpoch: {entry.CoordinatorEpoch}"
                + $" currentTxnFirstOffset: {open} lastTimestamp: {entry.Timestamp} ");
            if (entry.LastOffset >= 0)
                output.Write($"firstSequence: {FirstSequence(entry.LastSequence, entry.OffsetDelta)} lastSequence: {entry.LastSequence}"
                    + $" lastOffset: {entry.LastOffset} offsetDelta: {entry.OffsetDelta} timestamp: {entry.Timestamp}");
            output.WriteLine();
        }
    }

    public static void DumpAbortedTransactions(string file, TextWriter output)
    {
        var bytes = File.ReadAllBytes(file);
        for (var at = 0; at + AbortedTransactionBytes <= bytes.Length; at += AbortedTransactionBytes)
        {
            var entry = bytes.AsSpan(at);
            output.WriteLine($"version: {BinaryPrimitives.ReadInt16BigEndian(entry)} producerId: {BinaryPrimitives.ReadInt64BigEndian(entry[2..])}"
                + $" firstOffset: {BinaryPrimitives.ReadInt64BigEndian(entry[10..])} lastOffset: {BinaryPrimitives.ReadInt64BigEndian(entry[18..])}"
                + $" lastStableOffset: {BinaryPrimitives.ReadInt64BigEndian(entry[26..])}");
        }
    }

    private static int FirstSequence(int last, int delta) => last >= delta ? last - delta : int.MaxValue - (delta - last) + 1;
}
