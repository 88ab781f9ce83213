using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Connect.Tests.Support;
using Barnabas.Testing;

namespace Barnabas.Connect.Tests;

/// <summary>Source tasks that write in transactions (KIP-618): what is read by read_committed is each line once.</summary>
public sealed class ExactlyOnceSourceTests : IAsyncLifetime
{
    // Each task gives its own number once.
    private const string Many = """
        using Barnabas.Connect.Config;
        using Barnabas.Connect.Data;
        using Barnabas.Connect.Records;
        using Barnabas.Connect.Sdk;

        namespace Many;

        public sealed class ManyConnector : SourceConnector
        {
            public override string Version => "1";
            public override ConfigDef Config { get; } = new();
            public override ConnectTask NewTask() => new ManyTask();
            public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken) => Task.CompletedTask;
            public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks)
            {
                var all = new List<IReadOnlyDictionary<string, string>>();
                for (var task = 0; task < maxTasks; task++) all.Add(new Dictionary<string, string> { ["of"] = maxTasks.ToString() });
                return all;
            }
        }

        public sealed class ManyTask : SourceTask
        {
            private SourceTaskContext? _context;
            private bool _isDone;

            public override Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
            {
                _context = context;
                return Task.CompletedTask;
            }

            public override async ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken)
            {
                if (_isDone) await Task.Delay(Timeout.Infinite, cancellationToken);
                _isDone = true;
                return [new SourceRecord { Topic = "many", ValueSchema = Schema.Int64, Value = (long)_context!.TaskNumber }];
            }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-exactly-once-").FullName;
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("poll", null)]
    [InlineData("interval", "own-offsets")]
    public async Task Lines_are_written_once_with_their_offsets_across_workers(string boundary, string? offsetsTopic)
    {
        var input = Path.Combine(_folder, "in.txt");
        await System.IO.File.WriteAllTextAsync(input, "one\ntwo\n", TestContext.Current.CancellationToken);
        List<(string, string)> configs =
        [
            ("connector.class", "FileStreamSource"), ("file", input), ("topic", "lines"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"),
            ("exactly.once.support", "required"), ("transaction.boundary", boundary), ("transaction.boundary.interval.ms", "100"),
        ];
        if (offsetsTopic is not null) configs.Add(("offsets.storage.topic", offsetsTopic));
        await using (var first = await JoinAsync())
        {
            await first.CreateAsync("c", [.. configs]);
            Assert.Equal(["one", "two"], await ReadCommittedAsync("lines", 2));
            await first.AwaitStateAsync("c", "RUNNING");
        }

        await System.IO.File.AppendAllTextAsync(input, "three\n", TestContext.Current.CancellationToken);
        await using var second = await JoinAsync();
        Assert.Equal(["one", "two", "three"], await ReadCommittedAsync("lines", 3));
        Assert.Equal(14, (int)(await second.GetAsync("/connectors/c/offsets")).Body!["offsets"]![0]!["offset"]!["position"]!);
        var counts = await KeysAsync("connect-configs", "tasks-fencing-c");
        Assert.All(counts, count => Assert.Equal("""{"task-count":1}""", count));
        Assert.NotEmpty(counts);
        await using var admin = new AdminClient(AdminClientOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = _broker.BootstrapServers }), ClientEnvironment.ForProgram());
        var ids = (await admin.ListTransactionsAsync(new TransactionFilter([], [], null, null), cancellationToken: TestContext.Current.CancellationToken)).Values.SelectMany(node => node).Select(transaction => transaction.TransactionalId).ToList();
        Assert.Contains("connect-cluster-c-0", ids);
        Assert.Contains("connect-cluster-connect-cluster", ids);
        Assert.Equal(offsetsTopic is not null, (await admin.ListTopicsAsync(cancellationToken: TestContext.Current.CancellationToken)).Any(topic => topic.Name == offsetsTopic));
    }

    [Fact]
    public async Task A_connector_that_demands_it_is_refused_where_the_worker_does_not_offer_it()
    {
        await using var worker = await TestWorker.JoinAsync(_broker, _folder, new Dictionary<string, string>());
        var (status, body) = await worker.SendAsync(HttpMethod.Put, "/connectors/c/config", """{"connector.class":"FileStreamSource","topic":"t","file":"f","exactly.once.support":"required"}""");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, status);
        Assert.Contains("This worker does not have exactly-once source support enabled.", (string?)body!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tasks_of_a_connector_are_fenced_when_it_is_configured_anew()
    {
        var input = Path.Combine(_folder, "in.txt");
        await System.IO.File.WriteAllTextAsync(input, "one\n", TestContext.Current.CancellationToken);
        await using var first = await JoinAsync();
        await using var second = await JoinAsync();
        string Config(string topic) => $$"""{"connector.class":"FileStreamSource","topic":"{{topic}}","file":"{{input}}","value.converter":"org.apache.kafka.connect.storage.StringConverter"}""";
        await first.SendAsync(HttpMethod.Put, "/connectors/c/config", Config("a"));
        Assert.Equal(["one"], await ReadCommittedAsync("a", 1));
        await second.SendAsync(HttpMethod.Put, "/connectors/c/config", Config("b"));
        await System.IO.File.AppendAllTextAsync(input, "two\n", TestContext.Current.CancellationToken);
        Assert.Equal(["two"], await ReadCommittedAsync("b", 1));
        Assert.Equal(2, (await KeysAsync("connect-configs", "tasks-fencing-c")).Count);
    }

    [Fact]
    public async Task The_leader_fences_all_tasks_of_the_past_when_there_are_other_ones_now()
    {
        PluginTests.Compile(Many, Path.Combine(_folder, "plugins", "Many.dll"));
        await using var first = await JoinAsync();
        await using var second = await JoinAsync();
        string Config(int tasks) => $$"""{"connector.class":"Many.ManyConnector","tasks.max":"{{tasks}}","value.converter":"org.apache.kafka.connect.converters.LongConverter"}""";
        // Each task writes its number once in each of its lives, all of them committed. Numbers are waited for, not states: those of the
        // tasks of before stand until others have started.
        await second.SendAsync(HttpMethod.Put, "/connectors/c/config", Config(3));
        Assert.Equal([0, 1, 2], (await first.ReadCommittedNumbersAsync("many", 3)).Order());
        await second.SendAsync(HttpMethod.Put, "/connectors/c/config", Config(2));
        Assert.Equal([0, 0, 1, 1, 2], (await first.ReadCommittedNumbersAsync("many", 5)).Order());
        Assert.Equal(["""{"task-count":3}""", """{"task-count":2}"""], await KeysAsync("connect-configs", "tasks-fencing-c"));
        Assert.Equal(["connect-cluster-c-0", "connect-cluster-c-1", "connect-cluster-c-2", "connect-cluster-connect-cluster"], await first.TransactionalIdsAsync());
    }

    private Task<TestWorker> JoinAsync() => TestWorker.JoinAsync(_broker, _folder, new Dictionary<string, string> { ["exactly.once.source.support"] = "enabled", ["plugin.path"] = Path.Combine(_folder, "plugins") });

    private async Task<List<string?>> ReadCommittedAsync(string topic, int count) => [.. (await ReadAsync(topic, count)).Select(record => record.Value)];

    private async Task<List<string?>> KeysAsync(string topic, string key)
    {
        var all = await ReadAsync(topic, 1, untilEnd: true);
        return [.. all.Where(record => record.Key == key).Select(record => record.Value)];
    }

    private async Task<List<(string? Key, string? Value)>> ReadAsync(string topic, int count, bool untilEnd = false)
    {
        var options = ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = _broker.BootstrapServers, ["auto.offset.reset"] = "earliest", ["isolation.level"] = "read_committed" });
        await using var consumer = new Consumer<string?, string?>(options, Deserializers.Utf8, Deserializers.Utf8, ClientEnvironment.ForProgram());
        await TestWorker.AwaitAsync($"{topic} is there", async () => (await consumer.PartitionsForAsync(topic)).Count > 0);
        var partition = new Protocol.TopicPartition(topic, 0);
        consumer.Assign([partition]);
        var records = new List<(string?, string?)>();
        await TestWorker.AwaitAsync($"{topic} has {count} records", async () =>
        {
            foreach (var record in await consumer.PollAsync(TimeSpan.FromMilliseconds(200))) records.Add((record.Key, record.Value));
            return records.Count >= count && (!untilEnd || await consumer.PositionAsync(partition) >= (await consumer.EndOffsetsAsync([partition]))[partition]);
        });
        return records;
    }
}
