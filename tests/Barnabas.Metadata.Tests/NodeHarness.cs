using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Formatting;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;
using Barnabas.Storage.Disks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Metadata.Tests;

/// <summary>The metadata side of a node on a real disk, with real threads and a broker registered.</summary>
internal sealed class NodeHarness : IAsyncDisposable
{
    private readonly StorageWorkers _workers;
    private readonly BrokerConfig _config;
    private readonly MetaProperties _properties;
    private long _brokerEpoch;

    private NodeHarness(BrokerConfig config, MetaProperties properties, StorageWorkers workers, MetadataNode node)
    {
        _config = config;
        _properties = properties;
        _workers = workers;
        Node = node;
    }

    public MetadataNode Node { get; }

    public static Dictionary<string, string> Properties(string directory, bool isStandalone, int port = 19092) => new()
    {
        ["process.roles"] = "broker,controller",
        ["node.id"] = "1",
        [isStandalone ? "controller.quorum.bootstrap.servers" : "controller.quorum.voters"] =
            isStandalone ? $"localhost:{port + 1}" : $"1@localhost:{port + 1}",
        ["listeners"] = $"PLAINTEXT://localhost:{port},CONTROLLER://localhost:{port + 1}",
        ["controller.listener.names"] = "CONTROLLER",
        ["log.dirs"] = directory,
    };

    public static string Format(Dictionary<string, string> properties, bool isStandalone, params string[] scram)
    {
        var output = new StringWriter();
        new StorageFormatter(new PhysicalDisk(), TimeProvider.System, new Random(5), output).Run(new StorageFormatOptions
        {
            Config = BrokerConfig.Create(properties),
            ClusterId = ControllerHarness.ClusterId,
            Standalone = isStandalone,
            ScramCredentials = scram,
        });
        return output.ToString();
    }

    public static async Task<NodeHarness> StartAsync(Dictionary<string, string> properties)
    {
        var config = BrokerConfig.Create(properties);
        var disk = new PhysicalDisk();
        var meta = MetaProperties.Read(disk, config.MetadataLogDir)!;
        var workers = new StorageWorkers(TimeProvider.System, NullLogger.Instance, 1);
        var services = new LogServices
        {
            Disk = disk,
            Time = TimeProvider.System,
            Random = new Random(6),
            Logger = NullLogger.Instance,
            Workers = workers,
        };
        var node = MetadataNode.Open(
            config, meta, services, new LogDirectoryState(config.MetadataLogDir, NullLogger.Instance), new Random(7), NullLoggerFactory.Instance);
        node.Start();
        await node.CaughtUp.WaitAsync(TimeSpan.FromSeconds(30));
        return new NodeHarness(config, meta, workers, node);
    }

    public async Task RegisterAsync()
    {
        var request = new BrokerRegistrationRequest
        {
            BrokerId = 1,
            ClusterId = _properties.ClusterId!,
            IncarnationId = new Uuid(Environment.ProcessId, DateTime.UtcNow.Ticks),
            LogDirs = [_properties.DirectoryId!.Value],
        };
        request.Listeners.Add(new() { Name = "PLAINTEXT", Host = "localhost", Port = (ushort)_config.AdvertisedBrokerListeners[0].Port });
        foreach (var (name, range) in ControllerOptions.SupportedFeaturesOf(unstable: false))
        {
            request.Features.Add(new() { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        }
        _brokerEpoch = (await Node.Controller.RegisterBrokerAsync(ControllerHarness.Context, request)).BrokerEpoch;
        await HeartbeatAsync();
    }

    public Task<BrokerHeartbeatResponse> HeartbeatAsync(bool wantShutDown = false) => Node.Controller.BrokerHeartbeatAsync(
        ControllerHarness.Context,
        new BrokerHeartbeatRequest
        {
            BrokerId = 1,
            BrokerEpoch = _brokerEpoch,
            CurrentMetadataOffset = Node.Raft.HighWatermark!.Value - 1,
            WantShutDown = wantShutDown,
            CordonedLogDirs = [],
        });

    public async Task<Uuid> CreateAsync(string topic, int partitions)
    {
        var response = await Node.Controller.CreateTopicsAsync(
            ControllerHarness.Context,
            new CreateTopicsRequest
            {
                Topics = [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = "-1" }] }],
            });
        Assert.Equal(ErrorCode.None, response.Topics[0].ErrorCode);
        return response.Topics[0].TopicId;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _workers.Dispose();
    }
}
