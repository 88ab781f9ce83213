namespace Barnabas.Fms.Figures;

/// <summary>What is measured.</summary>
public sealed record FiguresOptions
{
    /// <summary>How many readings go through at full speed.</summary>
    public int Readings { get; init; } = 2_000_000;

    /// <summary>How many readings a second the delay is measured at: the goal's rate.</summary>
    public int PacedPerSecond { get; init; } = 10_000;

    /// <summary>How long the delay is measured.</summary>
    public TimeSpan PacedDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many readings go through with storage; 0 leaves that out.</summary>
    public int StoredReadings { get; init; } = 300_000;

    /// <summary>How many devices send.</summary>
    public int Devices { get; init; } = 100;

    /// <summary>Partitions of each topic.</summary>
    public int Partitions { get; init; } = 2;
}
