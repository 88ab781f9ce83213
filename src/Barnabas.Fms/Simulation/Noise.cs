namespace Barnabas.Fms.Simulation;

/// <summary>Chance as a function: the same numbers give the same result, whenever and in whatever order they are asked for.</summary>
internal static class Noise
{
    /// <summary>A number from 0 up to 1, without 1.</summary>
    public static double Unit(int seed, int device, int stream, long at) =>
        (Mix(Mix(Mix((ulong)(uint)seed, (ulong)(uint)device), (ulong)(uint)stream), (ulong)at) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from -<paramref name="width"/> to <paramref name="width"/>.</summary>
    public static double Around(double width, int seed, int device, int stream, long at) => ((Unit(seed, device, stream, at) * 2) - 1) * width;

    // SplitMix64.
    private static ulong Mix(ulong state, ulong value)
    {
        var mixed = state + value + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
