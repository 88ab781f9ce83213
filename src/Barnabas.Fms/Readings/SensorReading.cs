namespace Barnabas.Fms.Readings;

/// <summary>What a device said at a moment. Its time is a slice of the JSON it was read from.</summary>
internal ref struct SensorReading
{
    public int DeviceId;

    public Measures Values;

    /// <summary>Whether the device says that it has failed.</summary>
    public bool IsFail;

    /// <summary>The time as it stood in the JSON, with its quotes; empty where there was none.</summary>
    public ReadOnlySpan<byte> TimeJson;
}
