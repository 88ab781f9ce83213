using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Networking;
using Barnabas.Configuration;

namespace Barnabas.Client.Tests.Consumer;

public sealed class ConsumerOptionsTests
{
    [Fact]
    public void Kafkas_names_set_the_typed_options()
    {
        var options = ConsumerOptions.Parse(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = "one:9092,two:9093",
            ["group.id"] = "g",
            ["auto.offset.reset"] = "by_duration:PT1H30M",
            ["isolation.level"] = "read_committed",
            ["fetch.max.wait.ms"] = "250",
            ["partition.assignment.strategy"] = "org.apache.kafka.clients.consumer.StickyAssignor",
            ["no.such.thing"] = "1",
        });
        Assert.Equal(["one:9092", "two:9093"], options.BootstrapServers);
        Assert.Equal(TimeSpan.FromMinutes(90), options.AutoOffsetReset.Duration);
        Assert.Equal(IsolationLevel.ReadCommitted, options.IsolationLevel);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.FetchMaxWait);
        Assert.Equal(500, options.MaxPollRecords);
        Assert.Equal(["no.such.thing"], options.UnknownNames);
        Assert.Empty(options.UnusedNames);
    }

    [Fact]
    public void Typed_defaults_are_those_of_the_table()
    {
        var parsed = ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = "one:9092", ["group.id"] = "g" });
        var typed = new ConsumerOptions { BootstrapServers = ["one:9092"], GroupId = "g" };
        Assert.Equal(
            parsed with { BootstrapServers = typed.BootstrapServers, AssignmentStrategies = typed.AssignmentStrategies, UnknownNames = typed.UnknownNames, UnusedNames = typed.UnusedNames, ClientId = typed.ClientId },
            typed);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("-1", null)]
    [InlineData("65536", 65536)]
    public void Buffers_of_sockets_are_the_systems_where_no_size_is_given(string? text, int? bytes)
    {
        var properties = new Dictionary<string, string> { ["bootstrap.servers"] = "one:9092" };
        if (text is not null) properties["receive.buffer.bytes"] = properties["send.buffer.bytes"] = text;
        var options = ConsumerOptions.Parse(properties);
        Assert.Equal((bytes, bytes), (options.ReceiveBufferBytes, options.SendBufferBytes));
        Assert.Empty(options.UnusedNames);
    }

    [Fact]
    public void An_invalid_value_is_told_in_Kafkas_words()
    {
        var error = Assert.Throws<ConfigException>(() => ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = "a:1", ["max.poll.records"] = "0" }));
        Assert.Equal("Invalid value 0 for configuration max.poll.records: Value must be at least 1", error.Message);
    }

    [Fact]
    public void An_address_without_a_port_is_refused()
    {
        var error = Assert.Throws<ConfigException>(() => BootstrapAddresses.Parse("bootstrap.servers", ["localhost"]));
        Assert.Equal("Invalid url in bootstrap.servers: localhost", error.Message);
    }

    [Theory]
    [InlineData("localhost:9092", "localhost", 9092)]
    [InlineData("PLAINTEXT://example.com:1234", "example.com", 1234)]
    [InlineData("[::1]:9092", "::1", 9092)]
    public void Addresses_are_read_in_all_their_forms(string text, string host, int port)
    {
        var node = Assert.Single(BootstrapAddresses.Parse("bootstrap.servers", [text]));
        Assert.Equal((host, port, -1), (node.Host, node.Port, node.Id));
    }

    [Fact]
    public void An_admin_client_takes_controllers_or_servers_but_not_both()
    {
        Assert.True(AdminClientOptions.Parse(new Dictionary<string, string> { ["bootstrap.controllers"] = "a:1" }).UseControllers);
        Assert.Throws<ConfigException>(() => AdminClientOptions.Parse(new Dictionary<string, string> { ["bootstrap.controllers"] = "a:1", ["bootstrap.servers"] = "b:1" }));
    }
}
