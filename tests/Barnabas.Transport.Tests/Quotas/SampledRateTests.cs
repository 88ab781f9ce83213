using Barnabas.Transport.Quotas;

namespace Barnabas.Transport.Tests.Quotas;

public sealed class SampledRateTests
{
    [Fact]
    public void A_young_rate_is_taken_over_all_windows_but_one()
    {
        var rate = new SampledRate(samples: 11, windowMs: 1000);
        rate.Record(500, 5_000);
        Assert.Equal(50, rate.Rate(5_000));
    }

    [Fact]
    public void What_lies_before_the_oldest_window_no_longer_counts()
    {
        var rate = new SampledRate(samples: 3, windowMs: 1000);
        rate.Record(900, 1_000);
        Assert.True(rate.Rate(3_999) > 0);
        Assert.Equal(0, rate.Rate(4_000));
    }

    [Theory]
    [InlineData(500, 0)]
    [InlineData(1000, 0)]
    [InlineData(1500, 5000)]
    [InlineData(2000, 10000)]
    public void The_throttle_brings_the_rate_down_to_the_limit(double bytes, long expectedMs)
    {
        var rate = new SampledRate(samples: 11, windowMs: 1000);
        rate.Record(bytes, 7_000);
        Assert.Equal(expectedMs, rate.ThrottleMs(limit: 100, 7_000));
    }

    [Fact]
    public void A_value_taken_back_leaves_the_rate_as_it_was()
    {
        var rate = new SampledRate(samples: 11, windowMs: 1000);
        rate.Record(100, 1_000);
        var before = rate.Rate(1_500);
        rate.Record(800, 1_500);
        rate.Record(-800, 1_500);
        Assert.Equal(before, rate.Rate(1_500));
    }
}
