using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Simulation;

/// <summary>Readings made up: slow waves with noise, and now and then a spell of overheating, a third of which are failures.</summary>
internal sealed class GeneratedReadings(int seed) : IReadingSource
{
    private const int SpellTicks = 20;
    private const double SpellShare = 0.06;

    public Measures At(int device, long tick, out bool isFail)
    {
        var luck = Noise.Unit(seed, device, stream: 0, tick / SpellTicks);
        var isHot = luck < SpellShare;
        isFail = luck < SpellShare / 3;
        var measures = default(Measures);
        for (var at = 0; at < Measures.Count; at++)
        {
            var wave = Math.Sin((tick / (60.0 + (10 * at))) + device);
            var isSensor = at < Measures.SensorCount;
            var (middle, swing, noise, heat) = isSensor ? (68.0, 8.0, 4.0, 22.0) : (1_250.0, 90.0, 50.0, 260.0);
            measures[at] = middle + (swing * wave) + Noise.Around(noise, seed, device, 1 + at, tick) + (isHot ? heat : 0);
        }

        return measures;
    }
}
