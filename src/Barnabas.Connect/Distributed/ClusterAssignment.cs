namespace Barnabas.Connect.Distributed;

/// <summary>What an assignor decided, by member id. Immutable.</summary>
/// <param name="Added">What each worker gets now.</param>
/// <param name="Revoked">What each worker has to give up.</param>
/// <param name="All">What each worker holds afterwards.</param>
/// <param name="DelayMs">After how many milliseconds all are to join again; 0 for no such wish.</param>
internal sealed record ClusterAssignment(
    IReadOnlyDictionary<string, ConnectorsAndTasks> Added,
    IReadOnlyDictionary<string, ConnectorsAndTasks> Revoked,
    IReadOnlyDictionary<string, ConnectorsAndTasks> All,
    int DelayMs);
