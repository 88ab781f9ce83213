using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Watching;

/// <summary>What is known last of a device.</summary>
internal sealed class DeviceRow
{
    public required int DeviceId { get; init; }

    public bool IsCritical { get; set; }

    public bool IsFail { get; set; }

    public string Time { get; set; } = "";

    /// <summary>What is above its threshold, as a person reads it; empty for nothing.</summary>
    public string Alerts { get; set; } = "";

    public Measures Averages;

    public long Readings { get; set; }

    public long Critical { get; set; }
}
