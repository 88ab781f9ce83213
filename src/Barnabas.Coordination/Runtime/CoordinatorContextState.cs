namespace Barnabas.Coordination.Runtime;

/// <summary>Where a shard stands between the election of its leader and its resignation.</summary>
internal enum CoordinatorContextState
{
    /// <summary>Its log is being replayed; requests get COORDINATOR_LOAD_IN_PROGRESS.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Active,

    /// <summary>Its log could not be read or written as it must; requests get NOT_COORDINATOR until the next election.</summary>
    Failed,

    /// <summary>It moved away; requests get NOT_COORDINATOR.</summary>
    Closed,
}
