namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>The states of a KIP-848 group, by the names that clients see.</summary>
internal enum ConsumerGroupState
{
    Empty,

    /// <summary>A target assignment is to be made for a newer epoch.</summary>
    Assigning,

    /// <summary>Members are on their way to the target assignment.</summary>
    Reconciling,

    Stable,
}
