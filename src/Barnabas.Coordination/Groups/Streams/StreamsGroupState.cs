namespace Barnabas.Coordination.Groups.Streams;

/// <summary>The states of a streams group, by the names that clients see.</summary>
internal enum StreamsGroupState
{
    Empty,

    /// <summary>Topics of the topology are missing or do not fit.</summary>
    NotReady,

    /// <summary>A target assignment is to be made for a newer epoch.</summary>
    Assigning,

    /// <summary>Members are on their way to the target assignment.</summary>
    Reconciling,

    Stable,
}

/// <summary>What a heartbeat tells a member beside its tasks. The numbers are those of the protocol.</summary>
internal enum StreamsStatus : sbyte
{
    StaleTopology = 0,
    MissingSourceTopics = 1,
    IncorrectlyPartitionedTopics = 2,
    MissingInternalTopics = 3,
    ShutdownApplication = 4,
    AssignmentDelayed = 5,
}
