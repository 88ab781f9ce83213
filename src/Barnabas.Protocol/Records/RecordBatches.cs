using System.Buffers.Binary;
using static Barnabas.Protocol.Records.RecordBatchLayout;

namespace Barnabas.Protocol.Records;

/// <summary>Record batches one after another, as requests, responses and segments hold them.</summary>
public static class RecordBatches
{
    /// <summary>
    /// The batches of <paramref name="bytes"/>, which end where a batch ends. Headers are checked on the way,
    /// checksums are not (<see cref="RecordBatch.EnsureValid"/>). The enumerator throws
    /// <see cref="CorruptRecordException"/> for a size or magic that cannot be and for a batch cut short, and
    /// <see cref="UnsupportedForMessageFormatException"/> for magic 0 and 1.
    /// </summary>
    public static RecordBatchEnumerable Enumerate(ReadOnlyMemory<byte> bytes) => new(bytes, int.MaxValue, allowsPartialTail: false);

    /// <summary>
    /// The same for fetched bytes, where the last batch may be cut short: it is left out.
    /// <see cref="RecordBatchEnumerable.Enumerator.ConsumedBytes"/> tells how far whole batches reach.
    /// </summary>
    public static RecordBatchEnumerable EnumerateComplete(ReadOnlyMemory<byte> bytes) => new(bytes, int.MaxValue, allowsPartialTail: true);

    /// <summary>
    /// The size in bytes of the batch that starts at <paramref name="bytes"/>, from its length field; the rest of the
    /// batch need not be there. False when fewer than <see cref="UpToMagicBytes"/> bytes are.
    /// </summary>
    /// <param name="bytes">The start of a batch.</param>
    /// <param name="maxBatchBytes">The most that its length field may say.</param>
    /// <param name="sizeBytes">The size of the whole batch, 0 when unknown.</param>
    /// <exception cref="CorruptRecordException">The length or the magic cannot be.</exception>
    public static bool TryReadSize(ReadOnlySpan<byte> bytes, int maxBatchBytes, out int sizeBytes)
    {
        sizeBytes = 0;
        if (bytes.Length < LogOverheadBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[LengthOffset..]);
        if (length < SmallestLegacyRecordBytes)
            throw new CorruptRecordException($"Record size {length} is less than the minimum record overhead ({SmallestLegacyRecordBytes})");
        if (length > maxBatchBytes || length > int.MaxValue - LogOverheadBytes)
            throw new CorruptRecordException($"Record size {length} exceeds the largest allowable message size ({maxBatchBytes}).");
        if (bytes.Length < UpToMagicBytes)
            return false;
        var magic = (sbyte)bytes[MagicOffset];
        if (magic is < 0 or > CurrentMagic)
            throw new CorruptRecordException($"Invalid magic found in record: {magic}");
        sizeBytes = LogOverheadBytes + length;
        return true;
    }

    /// <summary>The magic of the batch that starts at <paramref name="bytes"/>; null when it ends before that.</summary>
    public static sbyte? ReadMagic(ReadOnlySpan<byte> bytes) => bytes.Length < UpToMagicBytes ? null : (sbyte)bytes[MagicOffset];

    internal static void RequireCurrentMagic(ReadOnlySpan<byte> bytes)
    {
        var magic = (sbyte)bytes[MagicOffset];
        if (magic != CurrentMagic)
            throw new UnsupportedForMessageFormatException($"The message format version {magic} is no longer supported: record batches must have magic {CurrentMagic}");
    }
}
