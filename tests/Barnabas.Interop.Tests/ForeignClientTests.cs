namespace Barnabas.Interop.Tests;

/// <summary>Real sensor rows through clients nobody here wrote, on one node that is killed and restarted in the end.</summary>
public sealed class ForeignClientTests(ForeignClientTests.Node node) : IClassFixture<ForeignClientTests.Node>
{
    /// <summary>One node and the rows for all tests of this class.</summary>
    public sealed class Node : IAsyncLifetime
    {
        internal DataFolder Folder { get; } = new("num.partitions=2", "log.flush.interval.messages=1000");

        internal ServerProcess? Server { get; private set; }

        internal SensorRows? Rows { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (Environment.GetEnvironmentVariable("BARNABAS_PEERS") is null || Environment.GetEnvironmentVariable("BARNABAS_SENSORS") is null)
                return;
            Rows = new SensorRows();
            Server = await ServerProcess.StartAsync(Distribution.Barnabas, Folder);
        }

        internal async Task CrashAndRestartAsync()
        {
            await Server!.DisposeAsync();
            Server = await ServerProcess.StartAsync(Distribution.Barnabas, Folder);
        }

        public async ValueTask DisposeAsync()
        {
            if (Server is not null)
                await Server.DisposeAsync();
            Rows?.Dispose();
            Folder.Dispose();
        }
    }

    public static TheoryData<string, string> ClientsAndReaders()
    {
        var data = new TheoryData<string, string>();
        for (var i = 0; i < ForeignClient.Names.Length; i++)
            data.Add(ForeignClient.Names[i], ForeignClient.Names[(i + 1) % ForeignClient.Names.Length]);
        return data;
    }

    [Theory]
    [MemberData(nameof(ClientsAndReaders))]
    public async Task Every_row_is_read_back_in_order_by_the_client_that_wrote_it_and_by_another(string writerName, string readerName)
    {
        Peers.Sensors();
        ForeignClient writer = ForeignClient.Get(writerName), reader = ForeignClient.Get(readerName);
        var (bootstrap, rows, topic) = (node.Server!.Bootstrap, node.Rows!, $"sensor-stream-{writerName}");
        await CreateTopicAsync(bootstrap, topic);
        await writer.ProduceAsync(bootstrap, topic, rows.File);
        rows.AssertAll(writerName, await writer.ConsumeAsync(bootstrap, topic, $"{topic}-own", rows.Count));
        rows.AssertAll(readerName, await reader.ConsumeAsync(bootstrap, topic, $"{topic}-other", rows.Count));
        await AssertCommittedAsync(bootstrap, $"{topic}-own", topic, rows.Count);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Every_codec_of_librdkafka_is_read_by_the_Java_console(string codec)
    {
        Peers.Sensors();
        ForeignClient writer = ForeignClient.Get("confluent-kafka"), reader = ForeignClient.Get("java-console");
        var (bootstrap, rows, topic) = (node.Server!.Bootstrap, node.Rows!, $"sensor-stream-{codec}");
        await CreateTopicAsync(bootstrap, topic);
        await writer.ProduceAsync(bootstrap, topic, rows.File, codec);
        rows.AssertAll("java-console", await reader.ConsumeAsync(bootstrap, topic, $"{topic}-java", rows.Count));
    }

    [Fact]
    public async Task A_group_continues_where_another_client_stopped_and_starts_over_after_a_reset_and_a_crash()
    {
        Peers.Sensors();
        ForeignClient kcat = ForeignClient.Get("kcat"), confluent = ForeignClient.Get("confluent-kafka");
        var (rows, topic) = (node.Rows!, "sensor-stream-reset");
        await CreateTopicAsync(node.Server!.Bootstrap, topic);
        await kcat.ProduceAsync(node.Server.Bootstrap, topic, rows.File);
        rows.AssertAll("confluent-kafka", await confluent.ConsumeAsync(node.Server.Bootstrap, topic, "g", rows.Count));
        await node.CrashAndRestartAsync();
        await AssertCommittedAsync(node.Server.Bootstrap, "g", topic, rows.Count);
        (await Distribution.Barnabas.RunAsync("kafka-consumer-groups", "--bootstrap-server", node.Server.Bootstrap, "--group", "g", "--topic", topic, "--reset-offsets", "--to-earliest", "--execute")).EnsureSuccess();
        rows.AssertAll("kcat", await kcat.ConsumeAsync(node.Server.Bootstrap, topic, "g", rows.Count));
    }

    private static async Task CreateTopicAsync(string bootstrap, string topic) =>
        (await Distribution.Barnabas.RunAsync("kafka-topics", "--bootstrap-server", bootstrap, "--create", "--topic", topic, "--partitions", "2")).EnsureSuccess();

    private static async Task AssertCommittedAsync(string bootstrap, string group, string topic, int count)
    {
        var described = (await Distribution.Barnabas.RunAsync("kafka-consumer-groups", "--bootstrap-server", bootstrap, "--describe", "--group", group)).EnsureSuccess();
        // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG ...
        var partitions = described.Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(columns => columns.Length > 5 && columns[1] == topic).ToList();
        Assert.Equal(count, partitions.Sum(columns => long.Parse(columns[3])));
        Assert.All(partitions, columns => Assert.Equal("0", columns[5]));
    }
}
