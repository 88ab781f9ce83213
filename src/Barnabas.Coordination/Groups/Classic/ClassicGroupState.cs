namespace Barnabas.Coordination.Groups.Classic;

/// <summary>The state of a classic group.</summary>
internal enum ClassicGroupState
{
    /// <summary>No members; the group lives on for its offsets.</summary>
    Empty,

    /// <summary>Members are asked to rejoin.</summary>
    PreparingRebalance,

    /// <summary>Members joined; the leader's assignment is awaited.</summary>
    CompletingRebalance,

    /// <summary>Every member has its assignment.</summary>
    Stable,

    /// <summary>The group was removed or moved away.</summary>
    Dead,
}
