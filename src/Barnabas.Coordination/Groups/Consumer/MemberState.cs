namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>Where a member stands on its way to its target assignment. The numbers are those of ConsumerGroupCurrentMemberAssignmentValue.</summary>
internal enum MemberState : sbyte
{
    /// <summary>It has its target assignment.</summary>
    Stable = 0,

    /// <summary>It must first give up partitions.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It waits for partitions that others have not given up.</summary>
    UnreleasedPartitions = 2,

    /// <summary>A state that a newer coordinator wrote.</summary>
    Unknown = 127,
}
