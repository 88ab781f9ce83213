namespace Barnabas.Interop.Tests;

/// <summary>Promise 2: a data directory moves between Barnabas and Apache Kafka, in both directions, with nothing lost.</summary>
public sealed class DataDirectoryTests
{
    private const string Topic = "moving";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_offsets_and_topics_survive_the_way_there_and_back(bool barnabasFirst)
    {
        Distribution kafka = Distribution.ApacheKafka(), first = barnabasFirst ? Distribution.Barnabas : kafka, second = barnabasFirst ? kafka : Distribution.Barnabas;
        Peers.Sensors();
        var client = ForeignClient.Get("confluent-kafka");
        using var rows = new SensorRows();
        using var folder = new DataFolder("num.partitions=3");
        string topicId;
        await using (var server = await ServerProcess.StartAsync(first, folder))
        {
            (await kafka.RunAsync("kafka-topics", "--bootstrap-server", server.Bootstrap, "--create", "--topic", Topic, "--partitions", "3", "--config", "retention.ms=-1")).EnsureSuccess();
            await client.ProduceAsync(server.Bootstrap, Topic, rows.File, "zstd");
            rows.AssertAll("before the move", await client.ConsumeAsync(server.Bootstrap, Topic, "g1", rows.Count));
            topicId = await DescribeAsync(kafka, server.Bootstrap);
            await server.StopAsync();
        }
        await using (var server = await ServerProcess.StartAsync(second, folder))
        {
            Assert.Equal(topicId, await DescribeAsync(kafka, server.Bootstrap));
            rows.AssertAll("after the move", await client.ConsumeAsync(server.Bootstrap, Topic, "g2", rows.Count));
            Assert.Equal(rows.Count, await CommittedAsync(kafka, server.Bootstrap, "g1"));
            await client.ProduceAsync(server.Bootstrap, Topic + "-second", rows.File, "lz4");
            await server.StopAsync();
        }
        await using (var server = await ServerProcess.StartAsync(first, folder))
        {
            Assert.Equal(topicId, await DescribeAsync(kafka, server.Bootstrap));
            rows.AssertAll("back home", await client.ConsumeAsync(server.Bootstrap, Topic, "g3", rows.Count));
            rows.AssertAll("written abroad", await client.ConsumeAsync(server.Bootstrap, Topic + "-second", "g4", rows.Count));
            Assert.Equal(rows.Count, await CommittedAsync(kafka, server.Bootstrap, "g1"));
            Assert.Equal(rows.Count, await CommittedAsync(kafka, server.Bootstrap, "g2"));
        }
    }

    [Fact]
    public async Task Apache_Kafka_dumps_the_segments_and_the_metadata_log_that_Barnabas_wrote()
    {
        var kafka = Distribution.ApacheKafka();
        Peers.Sensors();
        using var rows = new SensorRows();
        using var folder = new DataFolder("num.partitions=1", "log.segment.bytes=1048576");
        await using (var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder))
        {
            await ForeignClient.Get("confluent-kafka").ProduceAsync(server.Bootstrap, Topic, rows.File);
            await server.StopAsync();
        }
        var partition = Path.Combine(folder.LogDirectory, Topic + "-0");
        var segments = Directory.GetFiles(partition, "*.log").Order(StringComparer.Ordinal).ToArray();
        Assert.True(segments.Length > 1, "the log did not roll");
        var dump = (await kafka.RunAsync("kafka-dump-log", "--deep-iteration", "--files", string.Join(',', segments))).EnsureSuccess();
        Assert.Equal(rows.Count, dump.Lines.Count(line => line.StartsWith("| offset", StringComparison.Ordinal)));
        Assert.DoesNotContain("isvalid: false", dump.Output);
        string[] indexes = [.. Directory.GetFiles(partition, "*.index"), .. Directory.GetFiles(partition, "*.timeindex")];
        var verified = (await kafka.RunAsync("kafka-dump-log", "--verify-index-only", "--files", string.Join(',', indexes))).EnsureSuccess();
        Assert.All(indexes, index => Assert.Contains($"Dumping {index}", verified.Lines));
        Assert.DoesNotContain("ismatch", verified.Output, StringComparison.OrdinalIgnoreCase);
        var metadata = Directory.GetFiles(Path.Combine(folder.LogDirectory, "__cluster_metadata-0"), "*.log").Order(StringComparer.Ordinal).Last();
        Assert.Contains($"\"name\":\"{Topic}\"", (await kafka.RunAsync("kafka-dump-log", "--cluster-metadata-decoder", "--files", metadata)).EnsureSuccess().Output);
    }

    private static async Task<string> DescribeAsync(Distribution kafka, string bootstrap)
    {
        var described = (await kafka.RunAsync("kafka-topics", "--bootstrap-server", bootstrap, "--describe", "--topic", Topic)).EnsureSuccess().Output;
        var topic = described[described.IndexOf("TopicId: ", StringComparison.Ordinal)..];
        return topic[..topic.IndexOf('\n', StringComparison.Ordinal)];
    }

    private static async Task<long> CommittedAsync(Distribution kafka, string bootstrap, string group)
    {
        var described = (await kafka.RunAsync("kafka-consumer-groups", "--bootstrap-server", bootstrap, "--describe", "--group", group)).EnsureSuccess();
        return described.Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(columns => columns.Length > 5 && columns[1] == Topic).Sum(columns => long.Parse(columns[3]));
    }
}
