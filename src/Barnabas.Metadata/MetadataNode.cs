using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Bootstrap;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Publishing;
using Barnabas.Protocol;
using Barnabas.Raft;
using Barnabas.Raft.Driver;
using Barnabas.Raft.Log;
using Barnabas.Raft.Quorum;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata;

/// <summary>
/// The metadata side of a node: quorum, controller and loader, wired together. Open it, start it, install publishers
/// (before or after), and wait for <see cref="CaughtUp"/>.
/// </summary>
public sealed class MetadataNode : IAsyncDisposable
{
    private MetadataNode(RaftDriver raft, QuorumController controller, MetadataLoader loader)
    {
        Raft = raft;
        Controller = controller;
        Loader = loader;
        Failed = FirstFailureAsync();
    }

    /// <summary>The quorum.</summary>
    public RaftDriver Raft { get; }

    /// <summary>The controller.</summary>
    public QuorumController Controller { get; }

    /// <summary>The current metadata.</summary>
    public MetadataLoader Loader { get; }

    /// <summary>Completes when the controller leads, and this node has read all metadata there was.</summary>
    public Task CaughtUp => Task.WhenAll(Controller.BecameActive, Loader.CaughtUp);

    /// <summary>Completes, with the exception, when this node cannot go on with its metadata; never while it works.</summary>
    public Task<Exception> Failed { get; }

    /// <summary>Opens the metadata log of a formatted directory.</summary>
    /// <param name="config">The node's configuration.</param>
    /// <param name="properties">The <c>meta.properties</c> of the metadata log directory.</param>
    /// <param name="services">What logs share.</param>
    /// <param name="logDirectory">The state of the metadata log directory.</param>
    /// <param name="random">Chooses topic ids and placement.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="ownThreads">False when the owner drains the loops itself, as simulations do.</param>
    /// <exception cref="RaftConfigurationException">The quorum is not one that this node can lead alone.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the directory is not formatted.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static MetadataNode Open(
        BrokerConfig config,
        MetaProperties properties,
        LogServices services,
        LogDirectoryState logDirectory,
        Random random,
        ILoggerFactory loggers,
        bool ownThreads = true)
    {
        var clusterId = properties.ClusterId ?? throw new InvalidDataException($"The meta.properties file in {config.MetadataLogDir} names no cluster.id.");
        var bootstrap = BootstrapMetadata.Read(services.Disk, config.MetadataLogDir);
        var raft = RaftDriver.Open(
            new RaftOptions
            {
                NodeId = config.NodeId,
                DirectoryId = properties.DirectoryId ?? Uuid.Zero,
                ClusterId = clusterId,
                Endpoints = Endpoints(config),
                ElectionTimeout = TimeSpan.FromMilliseconds(config.GetInt("controller.quorum.election.timeout.ms")),
                FetchTimeout = TimeSpan.FromMilliseconds(config.GetInt("controller.quorum.fetch.timeout.ms")),
                Random = new Random(random.Next()),
                LogDirectory = Path.Combine(config.MetadataLogDir, "__cluster_metadata-0"),
                StaticVoters = StaticVoters(config),
                RetentionMaxBytes = config.GetLong("metadata.max.retention.bytes"),
                RetentionMaxMs = config.GetLong("metadata.max.retention.ms"),
                OwnThread = ownThreads,
            },
            new MetadataLogConfig
            {
                SegmentBytes = config.GetInt("metadata.log.segment.bytes"),
                SegmentMs = config.GetLong("metadata.log.segment.ms"),
            },
            services,
            logDirectory,
            loggers.CreateLogger<RaftDriver>());
        var loader = new MetadataLoader(
            raft,
            new MetadataLoaderOptions
            {
                MaxBytesBetweenSnapshots = config.GetLong("metadata.log.max.record.bytes.between.snapshots"),
                MaxSnapshotInterval = TimeSpan.FromMilliseconds(config.GetLong("metadata.log.max.snapshot.interval.ms")),
                OwnThread = ownThreads,
            },
            services.Time,
            loggers.CreateLogger<MetadataLoader>());
        var controller = new QuorumController(
            new ControllerOptions { ClusterId = clusterId, Config = config, Bootstrap = bootstrap, OwnThread = ownThreads },
            raft, services.Time, random, loggers.CreateLogger<QuorumController>());
        return new MetadataNode(raft, controller, loader);
    }

    /// <summary>Begins: takes up the log, elects, and lets controller and loader follow.</summary>
    public void Start()
    {
        Raft.Register(Loader);
        Raft.Register(Controller);
        Raft.Start();
    }

    /// <summary>Ends controller, loader and quorum, in this order; what was appended is durable afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await Controller.DisposeAsync();
        await Raft.DisposeAsync();
        await Loader.DisposeAsync();
    }

    private static IReadOnlyList<VoterEndpoint> Endpoints(BrokerConfig config) =>
        [.. config.AdvertisedControllerListeners.Select(l => new VoterEndpoint(l.ListenerName, string.IsNullOrEmpty(l.Host) ? "localhost" : l.Host, l.Port))];

    private static VoterSet StaticVoters(BrokerConfig config)
    {
        var listener = config.ControllerListenerNames.Count > 0 ? config.ControllerListenerNames[0] : "CONTROLLER";
        return VoterSet.Of(config.QuorumVoters.Select(v => new Voter(
            new ReplicaKey(v.Id, Uuid.Zero), [new VoterEndpoint(listener, v.Host, v.Port)], 0, 0)));
    }

    private async Task<Exception> FirstFailureAsync()
    {
        List<Task> parts = [Raft.Completion, Controller.Completion, Loader.Completion];
        while (parts.Count > 0)
        {
            var ended = await Task.WhenAny(parts);
            if (ended.Exception is { } failure) return failure.InnerException ?? failure;
            parts.Remove(ended);
        }
        // All parts ended as they were told to: there is no failure to report, ever.
        return await new TaskCompletionSource<Exception>().Task;
    }
}
