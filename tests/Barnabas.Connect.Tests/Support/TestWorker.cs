using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Connect.File;
using Barnabas.Connect.Http;
using Barnabas.Connect.Jdbc;
using Barnabas.Connect.Mqtt;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Worker;
using Barnabas.Testing;

namespace Barnabas.Connect.Tests.Support;

/// <summary>A worker on a broker of its own, asked over HTTP as users ask it.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly IReadOnlyDictionary<string, string> NoProperties = new Dictionary<string, string>();

    private readonly TestBroker _broker;
    private readonly bool _isDistributed;
    private ConnectNode _node;
    private HttpClient _http;

    private readonly bool _ownsBroker;
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly Func<HttpMessageHandler> _handler;

    private TestWorker(TestBroker broker, bool ownsBroker, ConnectNode node, bool isDistributed, string folder, IReadOnlyDictionary<string, string> properties, Func<HttpMessageHandler>? handler = null)
    {
        _handler = handler ?? (() => new SocketsHttpHandler());
        _broker = broker;
        _ownsBroker = ownsBroker;
        _properties = properties;
        _node = node;
        _isDistributed = isDistributed;
        Folder = folder;
        _http = HttpFor(node);
    }

    /// <summary>A folder of the test's own.</summary>
    public string Folder { get; }

    public string BootstrapServers => _broker.BootstrapServers;

    public static async Task<TestWorker> StartAsync(bool isDistributed = true, IReadOnlyDictionary<string, string>? properties = null)
    {
        var broker = await TestBroker.StartAsync();
        var folder = Directory.CreateTempSubdirectory("barnabas-connect-").FullName;
        return new TestWorker(broker, true, await NodeAsync(broker, isDistributed, folder, properties ?? NoProperties), isDistributed, folder, properties ?? NoProperties);
    }

    /// <summary>One of several workers on a broker; properties beside the usual ones.</summary>
    public static async Task<TestWorker> JoinAsync(TestBroker broker, string folder, IReadOnlyDictionary<string, string> properties, Func<HttpMessageHandler>? handler = null) =>
        new(broker, false, await NodeAsync(broker, true, folder, properties), true, folder, properties, handler);

    /// <summary>As states name it.</summary>
    public string WorkerId => _http.BaseAddress!.Authority;

    /// <summary>Ends the worker; <see cref="RestartAsync"/> brings it back.</summary>
    public async Task StopAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
    }

    /// <summary>Ends the worker and starts one with the same configuration.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _node = await NodeAsync(_broker, _isDistributed, Folder, _properties);
        _http = HttpFor(_node);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var response = await RequestAsync(method, path, body, headers);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Asks with headers for an answer as it comes, the caller's to dispose; the path may be a whole address.</summary>
    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, params (string Name, string Value)[] headers) => RequestAsync(method, path, null, headers);

    /// <summary>The addresses of <c>admin.listeners</c>.</summary>
    public IReadOnlyCollection<string> AdminAddresses => _node.AdminAddresses;

    public Task<(HttpStatusCode Status, JsonNode? Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Creates a connector, which must be accepted.</summary>
    public async Task CreateAsync(string name, params (string Key, string Value)[] configs)
    {
        var body = new JsonObject { ["name"] = name, ["config"] = new JsonObject(configs.Select(config => KeyValuePair.Create(config.Key, (JsonNode?)config.Value))) };
        var (status, answer) = await SendAsync(HttpMethod.Post, "/connectors", body.ToJsonString());
        Assert.True(status == HttpStatusCode.Created, $"POST /connectors: {status} {answer}");
    }

    /// <summary>Waits until the connector and its first task are in a state.</summary>
    public async Task AwaitStateAsync(string name, string state)
    {
        var last = "";
        await AwaitAsync(() => $"{name} is {state}: {last}", async () =>
        {
            var (status, body) = await GetAsync($"/connectors/{name}/status");
            last = $"{body}";
            return status == HttpStatusCode.OK && (string?)body!["connector"]!["state"] == state
                && (state == "STOPPED" || (body["tasks"]!.AsArray().Count > 0 && body["tasks"]!.AsArray().All(task => (string?)task!["state"] == state)));
        });
    }

    /// <summary>Waits until a task of the connector has failed with a reason.</summary>
    public async Task AwaitFailureAsync(string name, string reason)
    {
        var last = "";
        await AwaitAsync(() => $"{name} has failed with '{reason}': {last}", async () =>
        {
            var (status, body) = await GetAsync($"/connectors/{name}/status");
            last = $"{body}";
            return status == HttpStatusCode.OK && body!["tasks"]!.AsArray().Any(task => (string?)task!["state"] == "FAILED" && ((string?)task["trace"])!.Contains(reason, StringComparison.OrdinalIgnoreCase));
        });
    }

    public static Task AwaitAsync(string what, Func<Task<bool>> condition) => AwaitAsync(() => what, condition);

    /// <summary>Waits for a condition; what is missing is asked for at the end.</summary>
    public static async Task AwaitAsync(Func<string> what, Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (!await condition())
        {
            if (limit.IsCancellationRequested) Assert.Fail($"After {Patience} it is not so that {what()}.");
            // Many tests wait at the same time: what they wait for needs the processor more.
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The values of the first records of a topic, as text.</summary>
    public async Task<List<string?>> ReadAsync(string topic, int count) => [.. (await ReadRecordsAsync(topic, count)).Select(record => record.Value)];

    /// <summary>The values that a topic has now, as text; none where there is no such topic.</summary>
    public async Task<List<string?>> TryReadAsync(string topic)
    {
        await using var consumer = Consumer();
        var partitions = await consumer.PartitionsForAsync(topic);
        if (partitions.Count == 0) return [];
        consumer.Assign([.. partitions.Select(partition => new Protocol.TopicPartition(topic, partition.Partition))]);
        return [.. (await consumer.PollAsync(TimeSpan.FromSeconds(1))).Select(record => record.Value)];
    }

    /// <summary>The first records of a topic: keys, values and headers as text.</summary>
    public async Task<List<(string? Key, string? Value, Dictionary<string, string> Headers)>> ReadRecordsAsync(string topic, int count)
    {
        await using var consumer = Consumer();
        var partitions = await consumer.PartitionsForAsync(topic);
        consumer.Assign([.. partitions.Select(partition => new Protocol.TopicPartition(topic, partition.Partition))]);
        var records = new List<(string?, string?, Dictionary<string, string>)>();
        await AwaitAsync($"{topic} has {count} records", async () =>
        {
            foreach (var record in await consumer.PollAsync(TimeSpan.FromMilliseconds(200)))
                records.Add((record.Key, record.Value, record.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.Value.GetValueOrDefault().Span))));
            return records.Count >= count;
        });
        return records;
    }

    /// <summary>The numbers that read_committed sees at the start of a topic, once there are as many: no more are there then.</summary>
    public async Task<List<long>> ReadCommittedNumbersAsync(string topic, int count)
    {
        await using var consumer = new Consumer<byte[]?, byte[]?>(
            ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = BootstrapServers, ["auto.offset.reset"] = "earliest", ["isolation.level"] = "read_committed" }),
            Deserializers.ByteArray, Deserializers.ByteArray, ClientEnvironment.ForProgram());
        var partition = new Protocol.TopicPartition(topic, 0);
        await AwaitAsync($"{topic} is there", async () => (await consumer.PartitionsForAsync(topic)).Count > 0);
        consumer.Assign([partition]);
        var numbers = new List<long>();
        await AwaitAsync(() => $"{topic} has {count} numbers: {string.Join(' ', numbers)}", async () =>
        {
            foreach (var record in await consumer.PollAsync(TimeSpan.FromMilliseconds(200))) numbers.Add(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(record.Value));
            return numbers.Count >= count && await consumer.PositionAsync(partition) >= (await consumer.EndOffsetsAsync([partition]))[partition];
        });
        return numbers;
    }

    /// <summary>The transactional ids that the broker knows, in order.</summary>
    public async Task<List<string>> TransactionalIdsAsync()
    {
        await using var admin = new AdminClient(AdminClientOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = BootstrapServers }), ClientEnvironment.ForProgram());
        var listed = await admin.ListTransactionsAsync(new TransactionFilter([], [], null, null), cancellationToken: TestContext.Current.CancellationToken);
        return [.. listed.Values.SelectMany(node => node).Select(transaction => transaction.TransactionalId).Order(StringComparer.Ordinal)];
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpMethod method, string path, string? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
        if (!_ownsBroker) return;
        await _broker.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private Consumer<string?, string?> Consumer() => new(
        ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = BootstrapServers, ["auto.offset.reset"] = "earliest" }), Deserializers.Utf8, Deserializers.Utf8, ClientEnvironment.ForProgram());

    private HttpClient HttpFor(ConnectNode node) => new(_handler()) { BaseAddress = new Uri(node.Addresses.Single().Replace("[::]", "127.0.0.1", StringComparison.Ordinal)) };

    private static Task<ConnectNode> NodeAsync(TestBroker broker, bool isDistributed, string folder, IReadOnlyDictionary<string, string> own)
    {
        var properties = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["key.converter"] = "org.apache.kafka.connect.json.JsonConverter",
            ["value.converter"] = "org.apache.kafka.connect.json.JsonConverter",
            ["offset.flush.interval.ms"] = "200",
            ["listeners"] = "http://127.0.0.1:0",
            ["offset.storage.file.filename"] = Path.Combine(folder, "offsets"),
            ["group.id"] = "connect-cluster",
        };
        // A worker that starts again is the only one: nobody is to wait for the return of the other.
        properties["scheduled.rebalance.max.delay.ms"] = "0";
        properties["heartbeat.interval.ms"] = "200";
        foreach (var kind in (string[])["offset", "config", "status"])
        {
            properties[$"{kind}.storage.topic"] = $"connect-{kind}s";
            properties[$"{kind}.storage.replication.factor"] = "1";
        }

        properties["offset.storage.partitions"] = "2";
        properties["status.storage.partitions"] = "2";
        foreach (var (name, value) in own) properties[name] = value;
        return ConnectNode.StartAsync(
            isDistributed ? WorkerConfig.Distributed(properties) : WorkerConfig.Standalone(properties),
            new PluginCatalog(() => FilePlugins.All, () => JdbcPlugins.All, () => HttpPlugins.All, () => MqttPlugins.All), ClientEnvironment.ForProgram(), TestContext.Current.CancellationToken);
    }
}
