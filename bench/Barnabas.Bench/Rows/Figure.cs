using Barnabas.Bench.Limits;

namespace Barnabas.Bench.Rows;

/// <summary>What the ratio Barnabas : Apache Kafka of a figure has to be.</summary>
internal readonly record struct Goal(bool AtLeast, double Ratio)
{
    public static Goal Min(double ratio) => new(true, ratio);

    public static Goal Max(double ratio) => new(false, ratio);

    public bool IsMet(double ratio) => AtLeast ? ratio >= Ratio : ratio <= Ratio;
}

/// <summary>One number that a row measures.</summary>
/// <param name="Name">What it is, as <c>throughput</c>.</param>
/// <param name="Unit">As <c>MB/s</c>.</param>
/// <param name="Goal">What has to come out; null for a number that only explains others.</param>
/// <param name="Limit">What bounds it on this machine, or null.</param>
internal sealed record Figure(string Name, string Unit, Goal? Goal = null, PhysicalLimit? Limit = null);
