using System.Globalization;

namespace Barnabas.Raft;

/// <summary>An offset of the metadata log and the leader epoch that it belongs to; as a snapshot id the end offset (exclusive).</summary>
/// <param name="Offset">The offset.</param>
/// <param name="Epoch">The leader epoch.</param>
public readonly record struct OffsetAndEpoch(long Offset, int Epoch) : IComparable<OffsetAndEpoch>
{
    /// <summary>The id of the snapshot that formatting writes: it holds voters and no record of the log.</summary>
    public static readonly OffsetAndEpoch Bootstrap = new(0, 0);

    /// <inheritdoc/>
    public int CompareTo(OffsetAndEpoch other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Offset.CompareTo(other.Offset);

    /// <summary>Orders by epoch, then offset.</summary>
    public static bool operator <(OffsetAndEpoch left, OffsetAndEpoch right) => left.CompareTo(right) < 0;

    /// <summary>Orders by epoch, then offset.</summary>
    public static bool operator >(OffsetAndEpoch left, OffsetAndEpoch right) => left.CompareTo(right) > 0;

    /// <summary>Orders by epoch, then offset.</summary>
    public static bool operator <=(OffsetAndEpoch left, OffsetAndEpoch right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by epoch, then offset.</summary>
    public static bool operator >=(OffsetAndEpoch left, OffsetAndEpoch right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"(offset={Offset}, epoch={Epoch})");
}

/// <summary>Who leads the quorum.</summary>
/// <param name="LeaderId">The leader's node id, or null while there is none.</param>
/// <param name="Epoch">The leader epoch, 0 before the first election.</param>
public readonly record struct LeaderAndEpoch(int? LeaderId, int Epoch)
{
    /// <summary>True when that node leads.</summary>
    public bool IsLeader(int nodeId) => LeaderId == nodeId;
}
