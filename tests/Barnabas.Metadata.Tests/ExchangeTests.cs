using Barnabas.Tests.Support;
namespace Barnabas.Metadata.Tests;

/// <summary>Directories go to Apache Kafka and come back.</summary>
public sealed class ExchangeTests
{
    private const string DumpLog = "org.apache.kafka.tools.DumpLogSegments";
    private const string Topics = "org.apache.kafka.tools.TopicCommand";

    [Fact]
    public async Task Apache_Kafka_decodes_what_we_write()
    {
        ApacheKafka.Require();
        using var folder = new TemporaryFolder();
        var properties = NodeHarness.Properties(folder.Sub("data"), isStandalone: true);
        properties["metadata.log.max.record.bytes.between.snapshots"] = "500";
        NodeHarness.Format(properties, isStandalone: true, "SCRAM-SHA-256=[name=alice,password=alice-secret]");
        await using (var node = await NodeHarness.StartAsync(properties))
        {
            await node.RegisterAsync();
            await node.CreateAsync("dumped", 2);
        }
        var log = Path.Combine(folder.Sub("data"), "__cluster_metadata-0");
        List<string> files = [.. Directory.GetFiles(log, "*.log"), .. Directory.GetFiles(log, "*.checkpoint"), Path.Combine(folder.Sub("data"), "bootstrap.checkpoint")];
        var output = await ApacheKafka.ToolAsync(DumpLog, "--cluster-metadata-decoder", "--files", string.Join(',', files));
        Assert.Contains("\"type\":\"TOPIC_RECORD\",\"version\":0,\"data\":{\"name\":\"dumped\"", output, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"USER_SCRAM_CREDENTIAL_RECORD\"", output, StringComparison.Ordinal);
        Assert.Contains("LeaderChange: {\"version\":0,\"leaderId\":1", output, StringComparison.Ordinal);
        Assert.Contains("KRaftVoters {\"version\":0,\"voters\":[{\"voterId\":1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("isvalid: false", output, StringComparison.Ordinal);
        Assert.DoesNotContain("xception", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Could not", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_directory_goes_to_Apache_Kafka_and_back(bool isStandalone)
    {
        ApacheKafka.Require();
        using var folder = new TemporaryFolder();
        var port = FreePorts.Next();
        var properties = NodeHarness.Properties(folder.Sub("data"), isStandalone, port);
        NodeHarness.Format(properties, isStandalone);
        Protocol.Uuid id;
        await using (var node = await NodeHarness.StartAsync(properties))
        {
            await node.RegisterAsync();
            id = await node.CreateAsync("ours", 2);
            while (!(await node.HeartbeatAsync(wantShutDown: true)).ShouldShutDown)
            {
            }
        }
        var file = folder.Sub("server.properties");
        await File.WriteAllLinesAsync(file, properties.Select(p => $"{p.Key}={p.Value}"));
        var described = "";
        await ApacheKafka.ServeAsync(file, async () =>
        {
            var server = $"localhost:{port}";
            await ApacheKafka.ToolAsync(Topics, "--bootstrap-server", server, "--create", "--topic", "theirs", "--partitions", "3");
            described = await ApacheKafka.ToolAsync(Topics, "--bootstrap-server", server, "--describe");
        });
        Assert.Contains($"Topic: ours\tTopicId: {id}\tPartitionCount: 2\tReplicationFactor: 1", described, StringComparison.Ordinal);
        Assert.Contains("Topic: ours\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1", described, StringComparison.Ordinal);
        await using (var node = await NodeHarness.StartAsync(properties))
        {
            var topics = node.Node.Loader.Image.Topics;
            Assert.Equal(3, topics.Find("theirs")!.PartitionCount);
            Assert.Equal(id, topics.Find("ours")!.Id);
            await node.RegisterAsync();
            Assert.NotEqual(default, await node.CreateAsync("again", 1));
        }
    }
}
