using Barnabas.Fms.Machinery;

namespace Barnabas.Fms.Drill;

/// <summary>What the drill does.</summary>
public sealed record DrillOptions
{
    /// <summary>What the pipeline is made of.</summary>
    public required PlantOptions Plant { get; init; }

    /// <summary>How long each outage lasts.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the pipeline may take to catch up after each.</summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(60);
}
