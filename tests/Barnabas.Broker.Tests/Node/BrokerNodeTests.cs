using Barnabas.Broker.Tests.Support;
using Barnabas.Configuration;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Node;

public sealed class BrokerNodeTests
{
    [Fact]
    public async Task A_node_keeps_its_cluster_id_over_restarts()
    {
        await using var broker = await Brokers.StartAsync();
        var id = broker.ClusterId;

        await broker.RestartAsync();

        Assert.Equal(id, broker.ClusterId);
    }

    [Fact]
    public async Task An_unformatted_directory_is_refused_unless_formatting_is_allowed()
    {
        var e = await Assert.ThrowsAsync<ConfigException>(() => Brokers.StartAsync(("barnabas.format.empty.directories", "false")));
        Assert.Contains("No readable meta.properties files found", e.Message);
    }

    [Fact]
    public async Task A_directory_in_use_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("barnabas-inuse-").FullName;
        var options = TestBrokerOptions.Default with { InMemory = true, LogDirectory = folder };
        await using (var first = await TestBroker.StartAsync(options))
            await Assert.ThrowsAnyAsync<Exception>(() => TestBroker.StartAsync(options));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_controllers_listener_serves_controller_apis()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);
        var cluster = await raw.CallAsync(new DescribeClusterRequest { EndpointType = 1 }, 1);
        Assert.Equal((1, broker.ClusterId), (Assert.Single(cluster.Brokers).BrokerId, cluster.ClusterId));
    }

    [Fact]
    public async Task The_controllers_listener_tells_where_the_controllers_are()
    {
        await using var broker = await Brokers.StartAsync(("listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"));
        await using var raw = await RawClient.ConnectAsync(broker, 9093);

        var cluster = await raw.CallAsync(new DescribeClusterRequest { EndpointType = 2 }, 1);

        var controller = Assert.Single(cluster.Brokers);
        Assert.Equal((1, "localhost", 9093), (controller.BrokerId, controller.Host, controller.Port));
    }

    [Fact]
    public async Task A_restarted_controller_is_registered_where_it_listens_now()
    {
        await using var broker = await Brokers.StartAsync(("listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"));
        await broker.RestartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, 9093);

        var cluster = await raw.CallAsync(new DescribeClusterRequest { EndpointType = 2 }, 1);

        Assert.Equal(9093, Assert.Single(cluster.Brokers).Port);
    }

    [Fact]
    public async Task A_deleted_topic_is_created_anew_and_empty()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.ProduceAsync(Records.Batch("a"));

        await words.Raw.CallAsync(new DeleteTopicsRequest { TopicNames = ["words"], TimeoutMs = 10_000 }, 5);
        await using var again = await TopicClient.CreateAsync(broker);

        Assert.Equal(0, (await again.ProduceAsync(Records.Batch("b"))).BaseOffset);
    }
}
