using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Analysis;

/// <summary>Judges the readings of the devices of one partition, in their order. No clock and no I/O; for one thread.</summary>
internal sealed class DeviceAnalyser(AnalysisOptions options)
{
    /// <summary>How many devices are remembered: who writes into the topic must not make us hold ever more.</summary>
    public const int MostDevices = 100_000;

    private readonly Dictionary<int, MovingAverage[]> _devices = [];

    public int DeviceCount => _devices.Count;

    public ReadingAnalysis Analyse(in SensorReading reading)
    {
        var averages = AveragesOf(reading.DeviceId);
        var analysis = default(ReadingAnalysis);
        for (var at = 0; at < Measures.Count; at++)
        {
            analysis.Averages[at] = averages[at].Add(reading.Values[at]);
            if (reading.Values[at] > ThresholdOf(at))
                analysis.Exceeded |= 1 << at;
        }

        analysis.IsCritical = reading.IsFail || analysis.Exceeded != 0;
        return analysis;
    }

    public double ThresholdOf(int measure) => measure < Measures.SensorCount ? options.SensorThreshold : options.MotorThreshold;

    private MovingAverage[] AveragesOf(int device)
    {
        if (_devices.TryGetValue(device, out var averages))
            return averages;
        // Past the limit all averages begin anew, which costs accuracy and not memory.
        if (_devices.Count == MostDevices)
            _devices.Clear();
        averages = new MovingAverage[Measures.Count];
        for (var at = 0; at < averages.Length; at++)
            averages[at] = new MovingAverage(options.WindowReadings);
        return _devices[device] = averages;
    }
}
