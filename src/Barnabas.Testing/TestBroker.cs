using System.Globalization;
using Barnabas.Broker.Node;
using Barnabas.Configuration.Brokers;
using Barnabas.Storage;
using Barnabas.Storage.Disks;
using Barnabas.Transport;
using Barnabas.Transport.Memory;
using Barnabas.Transport.Sockets;

namespace Barnabas.Testing;

/// <summary>
/// A whole node inside the test process, speaking Kafka's protocol:
/// <code>await using var broker = await TestBroker.StartAsync();</code>
/// Its data is in memory unless the options name a folder; disposing stops it cleanly.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    private const string Host = "localhost";
    private const string MemoryDirectory = "/barnabas";

    private readonly TestBrokerOptions _options;
    private readonly BrokerConfig _config;
    private readonly IDisk _disk;
    private readonly TimeProvider _time;
    private BrokerNode _node;
    private bool _running = true;

    private TestBroker(TestBrokerOptions options, BrokerConfig config, IDisk disk, TimeProvider time, ITransport transport, BrokerNode node)
    {
        _options = options;
        _config = config;
        _disk = disk;
        _time = time;
        Transport = transport;
        _node = node;
    }

    /// <summary>Where clients connect, as <c>localhost:12345</c>.</summary>
    public string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"{_node.Endpoints[0].Host}:{_node.Endpoints[0].Port}");

    /// <summary>The network: pass it to clients of a broker that runs in memory.</summary>
    public ITransport Transport { get; }

    /// <summary>Faults of the network in memory.</summary>
    /// <exception cref="InvalidOperationException">The broker uses sockets.</exception>
    public MemoryNetworkFaults Faults =>
        (Transport as MemoryTransport)?.Faults ?? throw new InvalidOperationException("Connection faults need TestBrokerOptions.InMemory.");

    /// <summary>Where metrics are served; null where <c>barnabas.metrics.listener</c> is not set.</summary>
    public System.Net.IPEndPoint? MetricsEndPoint => _node.MetricsEndPoint;

    /// <summary>The broker's metrics as they are now.</summary>
    public IReadOnlyList<Barnabas.Broker.Telemetry.MetricSample> ReadMetrics() => _node.ReadMetrics();

    /// <summary>The id of the cluster.</summary>
    public string ClusterId => _node.ClusterId;

    /// <summary>Starts a broker with the defaults.</summary>
    public static Task<TestBroker> StartAsync() => StartAsync(TestBrokerOptions.Default);

    /// <summary>Starts a broker; it serves clients when the task completes.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">A property is not valid.</exception>
    public static async Task<TestBroker> StartAsync(TestBrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var time = options.Time ?? TimeProvider.System;
        ITransport transport = options.InMemory ? new MemoryTransport(time) : new SocketTransport();
        IDisk disk = options.Disk ?? (options.LogDirectory is null ? new MemoryDisk(time) : new PhysicalDisk());
        var config = BrokerConfig.Create(Properties(options, options.LogDirectory ?? MemoryDirectory));
        var node = await BrokerNode.StartAsync(config, transport, disk, time, new Random(options.Seed), options.Loggers);
        return new TestBroker(options, config, disk, time, transport, node);
    }

    /// <summary>Stops the node cleanly and starts it again on the same data. With sockets its port may change: see <see cref="BootstrapServers"/>.</summary>
    public async Task RestartAsync()
    {
        await _node.DisposeAsync();
        _running = false;
        _node = await BrokerNode.StartAsync(_config, Transport, _disk, _time, new Random(_options.Seed + 1), _options.Loggers);
        _running = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_running)
            await _node.DisposeAsync();
        _running = false;
    }

    private static Dictionary<string, string> Properties(TestBrokerOptions options, string logDirectory)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["listeners"] = $"PLAINTEXT://{Host}:0,CONTROLLER://{Host}:0",
            ["advertised.listeners"] = $"PLAINTEXT://{Host}:0",
            ["controller.listener.names"] = "CONTROLLER",
            ["controller.quorum.voters"] = $"1@{Host}:9093",
            ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            ["log.dirs"] = logDirectory,
            ["barnabas.format.empty.directories"] = "true",
            ["offsets.topic.num.partitions"] = "5",
            ["offsets.topic.replication.factor"] = "1",
            ["share.coordinator.state.topic.replication.factor"] = "1",
            ["share.coordinator.state.topic.min.isr"] = "1",
            ["transaction.state.log.replication.factor"] = "1",
            ["transaction.state.log.min.isr"] = "1",
            ["group.initial.rebalance.delay.ms"] = "0",
        };
        foreach (var (key, value) in options.Properties)
            properties[key] = value;
        return properties;
    }
}
