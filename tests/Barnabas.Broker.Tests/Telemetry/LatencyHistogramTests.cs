using Barnabas.Broker.Telemetry;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Telemetry;

public sealed class LatencyHistogramTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Percentiles_are_right_to_an_eighth()
    {
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= 10_000; i++)
            histogram.Record(i * 10);
        var read = histogram.Read(_time);
        Assert.Equal(10_000, read.Count);
        Assert.InRange(read.P50, 50 * 0.93, 50 * 1.07);
        Assert.InRange(read.P99, 99 * 0.93, 99 * 1.07);
        Assert.InRange(read.P999, 99.9 * 0.93, 99.9 * 1.07);
        Assert.InRange(read.SumMs, 500_050 * 0.93, 500_050 * 1.07);
    }

    [Fact]
    public void Percentiles_forget_what_is_older_than_two_minutes_and_counts_do_not()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(5_000_000);
        histogram.Read(_time);
        for (var minute = 0; minute < 3; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            histogram.Record(100);
            histogram.Read(_time);
        }
        var read = histogram.Read(_time);
        Assert.Equal(4, read.Count);
        Assert.True(read.P999 < 1, $"{read.P999} ms");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MaxValue)]
    public void Any_duration_is_counted(long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(microseconds);
        Assert.Equal(1, histogram.Read(_time).Count);
    }
}
