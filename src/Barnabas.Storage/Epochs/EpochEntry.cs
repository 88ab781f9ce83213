namespace Barnabas.Storage.Epochs;

/// <summary>A leader epoch and the offset of its first record.</summary>
/// <param name="Epoch">The leader epoch.</param>
/// <param name="StartOffset">The first offset written in it.</param>
public readonly record struct EpochEntry(int Epoch, long StartOffset);

/// <summary>An offset and the leader epoch it belongs to.</summary>
/// <param name="Offset">The offset.</param>
/// <param name="Epoch">The leader epoch.</param>
public readonly record struct OffsetAndEpoch(long Offset, int Epoch);
