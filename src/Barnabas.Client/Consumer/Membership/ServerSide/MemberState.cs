namespace Barnabas.Client.Consumer.Membership.ServerSide;

/// <summary>Where a member of a KIP-848 group stands. The states are those of Kafka's client.</summary>
internal enum MemberState
{
    /// <summary>In no group.</summary>
    Unsubscribed,

    /// <summary>Heartbeats with epoch 0 and everything there is to say, until the coordinator answers.</summary>
    Joining,

    /// <summary>The target assignment differs from the current one: the next poll brings them together.</summary>
    Reconciling,

    /// <summary>They are one; the next heartbeat tells the coordinator, at once.</summary>
    Acknowledging,

    /// <summary>Nothing to do but to heartbeat.</summary>
    Stable,

    /// <summary>Commits and listener calls before leaving.</summary>
    PrepareLeaving,

    /// <summary>The heartbeat that leaves is due.</summary>
    Leaving,

    /// <summary>The coordinator gave the partitions away: the next poll tells the listener, and joins again.</summary>
    Fenced,

    /// <summary>An error that trying again does not help; every poll throws it.</summary>
    Fatal,

    /// <summary>Left because the caller did not poll; the next poll tells the listener, and joins again.</summary>
    Stale,
}
