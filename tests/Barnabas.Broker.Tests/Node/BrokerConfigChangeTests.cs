using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Node;

/// <summary>Changes of a broker's configuration at run time, judged by the broker before the controller.</summary>
public sealed class BrokerConfigChangeTests
{
    private const sbyte Broker = 4;
    private const int ControllerPort = 9093;

    [Theory]
    [InlineData("num.io.threads", "100", "Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed for num.io.threads=100, value should not be greater than double the current value 8 for configuration Invalid dynamic configuration")]
    [InlineData("background.threads", "1", "Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed for background.threads=1, value should be at least half the current value 10 for configuration Invalid dynamic configuration")]
    [InlineData("log.cleaner.threads", "9", "Invalid value org.apache.kafka.common.config.ConfigException: Log cleaner threads cannot be increased to more than double the current value 1 for configuration Invalid dynamic configuration")]
    [InlineData("log.cleaner.dedupe.buffer.size", "1048576", "requirement failed: log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.")]
    [InlineData("max.connections.per.ip", "0", "requirement failed: max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.")]
    [InlineData("cordoned.log.dirs", "/x", "requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : /x")]
    [InlineData("cordoned.log.dirs", "*,/x", "requirement failed: When cordoned.log.dirs is set to *, it must not contain other values")]
    [InlineData("broker.id", "5", "Cannot update these configs dynamically: [broker.id]")]
    public async Task What_the_broker_could_not_run_with_is_refused_in_Kafkas_words(string name, string value, string message)
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        var answer = await SetAsync(raw, "1", name, value);

        Assert.Equal((ErrorCode.InvalidRequest, message), (answer.ErrorCode, answer.ErrorMessage));
    }

    [Fact]
    public async Task Another_brokers_configuration_is_refused()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        var answer = await SetAsync(raw, "5", "num.io.threads", "9");

        Assert.Equal((ErrorCode.InvalidRequest, "Unexpected broker id, expected 1, but received 5"), (answer.ErrorCode, answer.ErrorMessage));
    }

    [Fact]
    public async Task A_node_whose_directories_are_cordoned_gets_no_new_topics_until_one_is_opened()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);
        Assert.Equal(ErrorCode.None, (await SetAsync(raw, "1", "cordoned.log.dirs", "*")).ErrorCode);
        Assert.All((await raw.CallAsync(new DescribeLogDirsRequest(), 5)).Results, directory => Assert.True(directory.IsCordoned));

        await AwaitAnswerToCreationAsync(raw, ErrorCode.InvalidReplicationFactor);
        Assert.Equal(ErrorCode.None, (await SetAsync(raw, "1", "cordoned.log.dirs", "")).ErrorCode);

        await AwaitAnswerToCreationAsync(raw, ErrorCode.None);
        Assert.All((await raw.CallAsync(new DescribeLogDirsRequest(), 5)).Results, directory => Assert.False(directory.IsCordoned));
    }

    [Fact]
    public async Task The_controller_asked_directly_opens_directories_but_does_not_cordon_them()
    {
        await using var broker = await Brokers.StartAsync(("listeners", $"PLAINTEXT://localhost:9092,CONTROLLER://localhost:{ControllerPort}"));
        await using var raw = await RawClient.ConnectAsync(broker, ControllerPort);

        var refused = await SetAsync(raw, "1", "cordoned.log.dirs", "*");
        var opened = await SetAsync(raw, "1", "cordoned.log.dirs", "");

        Assert.Equal(
            (ErrorCode.InvalidConfig, "When updating cordoned.log.dirs via controllers,  the new value must be a subset of the current configuration value."),
            (refused.ErrorCode, refused.ErrorMessage));
        Assert.Equal(ErrorCode.None, opened.ErrorCode);
    }

    private static async Task<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> SetAsync(RawClient raw, string id, string name, string value)
    {
        var request = new IncrementalAlterConfigsRequest();
        var resource = new IncrementalAlterConfigsRequest.AlterConfigsResource { ResourceType = Broker, ResourceName = id };
        resource.Configs.Add(new() { Name = name, Value = value });
        request.Resources.Add(resource);
        return Assert.Single((await raw.CallAsync(request, 1)).Responses);
    }

    // The controller learns of cordoned directories by the broker's next heartbeat.
    private static async Task AwaitAnswerToCreationAsync(RawClient raw, ErrorCode expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var request = new CreateTopicsRequest { TimeoutMs = 10_000, ValidateOnly = true };
        request.Topics.Add(new() { Name = "words", NumPartitions = 1, ReplicationFactor = 1 });
        while ((await raw.CallAsync(request, 7)).Topics[0].ErrorCode is var answer && answer != expected)
            Assert.False(limit.IsCancellationRequested, $"a new topic is still answered {answer}, not {expected}");
    }
}
