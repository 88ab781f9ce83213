namespace Barnabas.Fms.Simulation;

/// <summary>What the simulated factory is like.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Devices have the numbers 1 to this.</summary>
    public int DeviceCount { get; init; } = 5;

    /// <summary>The time from one reading of a device to its next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For the noise: the same seed makes the same readings at the same times.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The folder with CSV files to replay; null to make readings up.</summary>
    public string? SensorFolder { get; init; }

    /// <summary>How far back readings can be asked for.</summary>
    public TimeSpan History { get; init; } = TimeSpan.FromMinutes(10);
}
