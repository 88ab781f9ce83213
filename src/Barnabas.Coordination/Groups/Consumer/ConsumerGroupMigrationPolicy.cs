namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>Which way groups with members may change between the classic protocol and KIP-848's; empty groups always may.</summary>
[Flags]
public enum ConsumerGroupMigrationPolicy
{
    /// <summary>None, and no classic member joins a group of KIP-848.</summary>
    Disabled = 0,

    /// <summary>A classic group changes when the first member of KIP-848 joins it.</summary>
    Upgrade = 1,

    /// <summary>A group of KIP-848 changes back when the last of its members that is not classic has left.</summary>
    Downgrade = 2,

    /// <summary>Both ways.</summary>
    Bidirectional = Upgrade | Downgrade,
}
