using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Bootstrap;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Features;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Metadata.Tests;

/// <summary>A controller whose thread is the test's: every call runs to its end before it returns.</summary>
internal sealed class ControllerHarness
{
    public const string ClusterId = "MkU3OEVBNTcwNTJENDM2Qg";

    private readonly Dictionary<int, long> _epochs = [];

    public ControllerHarness(
        Dictionary<string, string>? properties = null, short elr = 1, bool commitsAtOnce = true, MetadataVersion? version = null, int seed = 42)
    {
        var config = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["controller.quorum.voters"] = "1@localhost:9093",
            ["listeners"] = "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
            ["controller.listener.names"] = "CONTROLLER",
            ["log.dirs"] = "/nowhere",
        };
        foreach (var (key, value) in properties ?? []) config[key] = value;
        version ??= MetadataVersion.LatestProduction;
        var levels = Feature.All.ToDictionary(f => f.Name, f => f.DefaultLevel(version));
        levels["eligible.leader.replicas.version"] = elr;
        Raft = new LocalRaft(1, commitsAtOnce);
        Options = new ControllerOptions
        {
            ClusterId = ClusterId,
            Config = BrokerConfig.Create(config),
            Bootstrap = BootstrapMetadata.FromVersions(version, levels, "a test"),
            OwnThread = false,
        };
        Controller = new QuorumController(Options, Raft, Time, new Random(seed), NullLogger.Instance);
        Raft.Register(Controller);
        Controller.Loop.RunPending();
    }

    public ControllerOptions Options { get; }

    public ManualTime Time { get; } = new();

    public LocalRaft Raft { get; }

    public QuorumController Controller { get; }

    public static ControllerRequestContext Context => ControllerRequestContext.Internal;

    /// <summary>What the log says, replayed from its beginning.</summary>
    public MetadataImage Image
    {
        get
        {
            var filter = new Publishing.TransactionFilter();
            var delta = new MetadataDelta(MetadataImage.Empty);
            List<(IMetadataRecord Record, long Offset)> visible = [];
            foreach (var batch in Raft.Log)
            {
                for (var i = 0; i < batch.Records.Count; i++) filter.Add(MetadataRecordSerde.Deserialize(batch.Records[i]), batch.BaseOffset + i, visible);
            }
            foreach (var (record, offset) in visible) delta.Replay(record, offset);
            return delta.Apply(new MetadataProvenance(Raft.Log[^1].LastOffset, 1, 0));
        }
    }

    public T Run<T>(Task<T> task)
    {
        Controller.Loop.RunPending();
        Assert.True(task.IsCompleted, "The controller did not answer.");
        return task.GetAwaiter().GetResult();
    }

    public KafkaException Fails<T>(Task<T> task)
    {
        Controller.Loop.RunPending();
        return Assert.Throws<KafkaException>(() => task.GetAwaiter().GetResult());
    }

    public void Advance(TimeSpan by)
    {
        Time.Advance(by);
        Controller.Loop.RunPending();
    }

    public long RegisterBroker(int id, string? rack = null, Uuid? incarnation = null, long previousEpoch = -1)
    {
        var request = new BrokerRegistrationRequest
        {
            BrokerId = id,
            ClusterId = ClusterId,
            IncarnationId = incarnation ?? new Uuid(77, id + (1000 * _epochs.Count)),
            Rack = rack,
            LogDirs = [new Uuid(5000, id)],
            PreviousBrokerEpoch = previousEpoch,
        };
        request.Listeners.Add(new() { Name = "PLAINTEXT", Host = "localhost", Port = (ushort)(9092 + id) });
        foreach (var (name, range) in ControllerOptions.SupportedFeaturesOf(unstable: false))
        {
            request.Features.Add(new() { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        }
        return _epochs[id] = Run(Controller.RegisterBrokerAsync(Context, request)).BrokerEpoch;
    }

    public BrokerHeartbeatResponse Heartbeat(int id, bool wantFence = false, bool wantShutDown = false) => Run(
        Controller.BrokerHeartbeatAsync(Context, new BrokerHeartbeatRequest
        {
            BrokerId = id,
            BrokerEpoch = _epochs[id],
            CurrentMetadataOffset = Raft.HighWatermark!.Value - 1,
            WantFence = wantFence,
            WantShutDown = wantShutDown,
        }));

    public void StartBrokers(params int[] ids)
    {
        foreach (var id in ids)
        {
            RegisterBroker(id);
            Heartbeat(id);
        }
    }

    public CreateTopicsResponse.CreatableTopicResult Create(
        string name, int partitions = -1, short replicationFactor = -1, int[][]? assignments = null, params (string Key, string? Value)[] configs)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = replicationFactor };
        for (var i = 0; i < assignments?.Length; i++) topic.Assignments.Add(new() { PartitionIndex = i, BrokerIds = [.. assignments[i]] });
        foreach (var (key, value) in configs) topic.Configs.Add(new() { Name = key, Value = value });
        return Run(Controller.CreateTopicsAsync(Context, new CreateTopicsRequest { Topics = [topic] })).Topics.Single();
    }

    public IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Alter(
        ConfigResource resource, params (string Key, sbyte Operation, string? Value)[] changes)
    {
        var request = new IncrementalAlterConfigsRequest.AlterConfigsResource
        {
            ResourceType = (sbyte)resource.Type,
            ResourceName = resource.Name,
        };
        foreach (var (key, operation, value) in changes) request.Configs.Add(new() { Name = key, ConfigOperation = operation, Value = value });
        return Run(Controller.IncrementalAlterConfigsAsync(Context, new IncrementalAlterConfigsRequest { Resources = [request] })).Responses.Single();
    }
}
