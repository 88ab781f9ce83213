namespace Barnabas.Fms.Analysis;

/// <summary>What the analyser judges by.</summary>
public sealed record AnalysisOptions
{
    /// <summary>A sensor above this is an alert.</summary>
    public double SensorThreshold { get; init; } = 90;

    /// <summary>A motor above this is an alert, in revolutions a minute.</summary>
    public double MotorThreshold { get; init; } = 1500;

    /// <summary>How many readings a moving average covers.</summary>
    public int WindowReadings { get; init; } = 10;
}
