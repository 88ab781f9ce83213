using System.Text.Json;
using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Simulation;

/// <summary>The devices of the factory: what each says now, and what it said since a time. Keeps nothing but the faults.</summary>
internal sealed class DeviceFleet(SimulatorOptions options, IReadingSource source, FaultPlan faults, TimeProvider time)
{
    /// <summary>The most readings of one answer.</summary>
    public const int MostReadings = 1_000;

    private const double FailingHeat = 35;
    private const double FailingSpeed = 600;

    private readonly long _intervalMs = (long)options.Interval.TotalMilliseconds;

    public int DeviceCount => options.DeviceCount;

    public bool Has(int device) => device >= 1 && device <= options.DeviceCount;

    /// <summary>Writes the reading of now.</summary>
    public void WriteLatest(Utf8JsonWriter writer, int device) => WriteAt(writer, device, NowTick());

    /// <summary>Writes a list: all readings after a time that are not older than the history; the latest alone where no time is given.</summary>
    public void WriteAfter(Utf8JsonWriter writer, int device, long? afterMs)
    {
        var last = NowTick();
        var oldest = last - (long)(options.History / options.Interval);
        // A reading stands for the tick that its time is; one asked for between two ticks gets the next.
        var first = afterMs is { } ms ? Math.Max(Math.Max((ms / _intervalMs) + 1, oldest), 0) : last;
        writer.WriteStartArray();
        for (var tick = first; tick <= last && tick - first < MostReadings; tick++)
            WriteAt(writer, device, tick);
        writer.WriteEndArray();
    }

    private long NowTick() => time.GetUtcNow().ToUnixTimeMilliseconds() / _intervalMs;

    private void WriteAt(Utf8JsonWriter writer, int device, long tick)
    {
        var values = source.At(device, tick, out var isFail);
        var at = tick * _intervalMs;
        if (faults.IsFailing(device, DateTimeOffset.FromUnixTimeMilliseconds(at)))
        {
            isFail = true;
            for (var measure = 0; measure < Measures.Count; measure++)
                values[measure] += measure < Measures.SensorCount ? FailingHeat : FailingSpeed;
        }

        ReadingWriter.Write(writer, new SensorReading { DeviceId = device, Values = values, IsFail = isFail, TimeJson = Times.ToJson(at) });
    }
}
