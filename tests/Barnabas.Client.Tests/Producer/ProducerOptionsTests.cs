using Barnabas.Client.Producer;
using Barnabas.Configuration;
using Barnabas.Protocol.Compression;

namespace Barnabas.Client.Tests.Producer;

public sealed class ProducerOptionsTests
{
    [Fact]
    public void Kafkas_names_are_read_and_unknown_ones_kept()
    {
        var options = Parse(
            ("acks", "1"), ("batch.size", "1"), ("linger.ms", "7"), ("compression.type", "zstd"), ("compression.zstd.level", "-5"),
            ("buffer.memory", "99"), ("made.up", "x"));
        Assert.Equal((Acks.Leader, 1, TimeSpan.FromMilliseconds(7), 99L), (options.Acks, options.BatchSizeBytes, options.Linger, options.BufferMemoryBytes));
        Assert.Equal((CompressionType.Zstd, -5), (options.Compression, options.CompressionLevel));
        Assert.Equal(["made.up"], options.UnknownNames);
        Assert.False(options.IsIdempotent);
    }

    [Fact]
    public void Defaults_are_Kafkas()
    {
        var parsed = Parse();
        var typed = new ProducerOptions { BootstrapServers = ["localhost:9092"] };
        Assert.True(parsed.IsIdempotent);
        Assert.Equal(
            (typed.Acks, typed.BatchSizeBytes, typed.BufferMemoryBytes, typed.Linger, typed.MaxBlock, typed.MaxInFlightRequests, typed.MaxRequestSizeBytes),
            (parsed.Acks, parsed.BatchSizeBytes, parsed.BufferMemoryBytes, parsed.Linger, parsed.MaxBlock, parsed.MaxInFlightRequests, parsed.MaxRequestSizeBytes));
        Assert.Equal(
            (typed.DeliveryTimeout, typed.Retries, typed.Compression, typed.IgnoreKeys, typed.AdaptivePartitioning),
            (parsed.DeliveryTimeout, parsed.Retries, parsed.Compression, parsed.IgnoreKeys, parsed.AdaptivePartitioning));
    }

    [Theory]
    [InlineData("acks", "1", "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.")]
    [InlineData("retries", "0", "Must set retries to non-zero when using the idempotent producer.")]
    [InlineData("max.in.flight.requests.per.connection", "6", "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.")]
    [InlineData("delivery.timeout.ms", "10", "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms")]
    public void Contradictions_are_refused_with_Kafkas_sentence(string name, string value, string message)
    {
        Assert.Equal(message, Assert.Throws<ConfigException>(() => Parse(("enable.idempotence", "true"), (name, value))).Message);
    }

    [Fact]
    public void Idempotence_gives_way_to_options_that_rule_it_out()
    {
        Assert.False(Parse(("acks", "0")).IsIdempotent);
        Assert.False(Parse(("retries", "0")).IsIdempotent);
        Assert.False(Parse(("enable.idempotence", "false")).IsIdempotent);
    }

    private static ProducerOptions Parse(params (string Name, string Value)[] properties)
    {
        var values = properties.ToDictionary(one => one.Name, one => one.Value);
        values["bootstrap.servers"] = "localhost:9092";
        return ProducerOptions.Parse(values);
    }
}
