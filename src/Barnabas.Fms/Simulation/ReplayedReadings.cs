using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Simulation;

/// <summary>
/// Real rows, one a tick and round again, each device at another place of them: sensor1 is the machine's temperature,
/// sensor2 the room's, sensor3 lies between. No motor was measured: theirs follow the machine's temperature.
/// </summary>
internal sealed class ReplayedReadings(SensorFiles files, int deviceCount, int seed) : IReadingSource
{
    public Measures At(int device, long tick, out bool isFail)
    {
        var row = tick + ((long)files.Machine.Length * (device - 1) / deviceCount);
        var at = (int)(row % files.Machine.Length);
        isFail = files.IsFail[at];
        var machine = files.Machine[at];
        var ambient = files.Ambient[(int)(row % files.Ambient.Length)];
        var measures = default(Measures);
        (measures[0], measures[1], measures[2]) = (machine, ambient, (machine + ambient) / 2);
        for (var motor = 0; motor < Measures.SensorCount; motor++)
            measures[Measures.SensorCount + motor] = 800 + (7 * machine) + Noise.Around(30, seed, device, motor, tick);
        return measures;
    }
}
