using Barnabas.Fms.Simulation;
using Barnabas.Fms.Storing;

namespace Barnabas.Fms.Machinery;

/// <summary>What the whole pipeline is made of. A port of 0 stands for one that is free.</summary>
public sealed record PlantOptions
{
    /// <summary>The node's port.</summary>
    public int Port { get; init; } = 9092;

    /// <summary>The port of the Connect worker's REST API.</summary>
    public int ConnectPort { get; init; } = 8083;

    /// <summary>The simulator's port.</summary>
    public int SimulatorPort { get; init; } = 8000;

    /// <summary>Where the node's data and log are kept; null for a temporary folder that is deleted in the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>A database that is there already; null for PostgreSQL of its own, or SQLite where that is not installed.</summary>
    public SensorStore? Store { get; init; }

    /// <summary>Whether SQLite is taken although PostgreSQL is there.</summary>
    public bool PrefersSqlite { get; init; }

    /// <summary>What the factory is like.</summary>
    public SimulatorOptions Simulator { get; init; } = new();

    /// <summary>How often the API is asked.</summary>
    public TimeSpan CollectInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the HTTP source collects readings; else somebody else sends them.</summary>
    public bool CollectsReadings { get; init; } = true;

    /// <summary>What the filter lets through.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = ["CRITICAL"];
}
