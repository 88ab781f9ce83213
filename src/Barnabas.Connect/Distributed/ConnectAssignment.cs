namespace Barnabas.Connect.Distributed;

/// <summary>What the leader tells a worker after a rebalance (Java's ExtendedAssignment). Immutable.</summary>
internal sealed record ConnectAssignment
{
    /// <summary>The leader did not know the newest configuration: all are to read it and join again.</summary>
    public const short ConfigMismatch = 1;

    /// <summary>0, or why nothing was assigned.</summary>
    public short Error { get; init; }

    /// <summary>The leader's member id.</summary>
    public required string Leader { get; init; }

    /// <summary>Where the leader's REST API is.</summary>
    public required string LeaderUrl { get; init; }

    /// <summary>The configuration that it was made for, as the offset after its last record.</summary>
    public required long ConfigOffset { get; init; }

    /// <summary>In a message: what is new. In a worker's metadata: everything it holds.</summary>
    public ConnectorsAndTasks Assigned { get; init; } = ConnectorsAndTasks.Empty;

    /// <summary>What the worker has to stop before it joins again.</summary>
    public ConnectorsAndTasks Revoked { get; init; } = ConnectorsAndTasks.Empty;

    /// <summary>After how many milliseconds the worker is to join again; 0 for no such wish.</summary>
    public int DelayMs { get; init; }

    /// <summary>Whether nothing was assigned because of <see cref="Error"/>.</summary>
    public bool IsFailed => Error != 0;
}

/// <summary>What a worker says when it joins.</summary>
/// <param name="Url">Its REST API.</param>
/// <param name="ConfigOffset">The configuration it knows, as the offset after its last record.</param>
/// <param name="Assignment">What it holds; null for nothing yet.</param>
internal sealed record WorkerState(string Url, long ConfigOffset, ConnectAssignment? Assignment)
{
    public ConnectorsAndTasks Holds => Assignment?.Assigned ?? ConnectorsAndTasks.Empty;
}
