using Barnabas.Fms.Drill;
using Barnabas.Fms.Figures;

namespace Barnabas.Fms.Tests;

public sealed class DeliveryCountTests
{
    [Fact]
    public void What_should_have_come_and_did_not_is_lost()
    {
        var count = new DeliveryCount(intervalMs: 100, untilMs: 1_000);
        foreach (var time in (long[])[300, 400, 600, 1_000, 1_100])
            count.Add(1, time);
        Assert.Equal([500L, 700, 800, 900], count.Missing(1, afterMs: 250));
        Assert.Equal([200L, 300, 400, 500, 600, 700, 800, 900, 1_000], count.Missing(2, afterMs: 100));
        Assert.Equal((4, 0), (count.Once, count.Again));
    }

    [Fact]
    public void What_comes_again_is_counted_apart()
    {
        var count = new DeliveryCount(100, 1_000);
        foreach (var device in (int[])[1, 1, 2, 1])
            count.Add(device, 300);
        Assert.Equal((2, 2), (count.Once, count.Again));
    }

    [Fact]
    public void Percentiles_of_delays_are_those_of_the_sorted_delays()
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 1_000; ms++)
            histogram.Add(ms);
        Assert.Equal((500L, 990L, 1_000L, 1_000L), (histogram.Percentile(0.5), histogram.Percentile(0.99), histogram.Percentile(1), histogram.Largest));
        histogram.Add(3_600_000);
        Assert.Equal((60_000L, 3_600_000L), (histogram.Percentile(1), histogram.Largest));
        Assert.Equal(0, new LatencyHistogram().Percentile(0.99));
    }
}
