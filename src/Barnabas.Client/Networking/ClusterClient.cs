using Barnabas.Client.Metadata;
using Barnabas.Client.Security;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Networking;

/// <summary>
/// What producer, consumer and admin client stand on: connections to all nodes, the cluster's metadata, and where the
/// controller and the coordinators are. Thread-safe. Sends each request once; retrying is <see cref="Retrier"/>'s.
/// </summary>
public sealed partial class ClusterClient : IAsyncDisposable
{
    private readonly ConnectionPool _pool;
    private readonly ILogger _logger;
    private readonly Random _random;
    private int _disposed;

    /// <summary>Creates a client; nothing is connected before it is asked for.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">No bootstrap address is usable (the message is Kafka's), or the security protocol needs what the environment does not have.</exception>
    public ClusterClient(ClientOptions options, ClusterMetadataOptions metadataOptions, ClientEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metadataOptions);
        ArgumentNullException.ThrowIfNull(environment);
        environment = ClientSecurity.Complete(options, environment);
        Options = options;
        Time = environment.Time;
        _random = environment.Random;
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Client");
        BootstrapNodes = BootstrapAddresses.Parse(metadataOptions.UseControllers ? "bootstrap.controllers" : "bootstrap.servers", options.BootstrapServers);
        if (options.UnknownNames.Count > 0) ClientLog.UnknownConfigurations(_logger, string.Join(", ", options.UnknownNames));
        if (options.UnusedNames.Count > 0) ClientLog.UnusedConfigurations(_logger, string.Join(", ", options.UnusedNames));
        _pool = new ConnectionPool(options, environment, _logger);
        RetryBackoff = new Backoff(options.RetryBackoff, options.RetryBackoffMax, environment.Random);
        Metadata = new ClusterMetadata(this, options, metadataOptions, environment, _logger);
    }

    /// <summary>The options it was made with.</summary>
    public ClientOptions Options { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Nodes and leaders.</summary>
    public ClusterMetadata Metadata { get; }

    /// <summary>The pauses between retries.</summary>
    public Backoff RetryBackoff { get; }

    /// <summary>The addresses it started from, with negative ids.</summary>
    public IReadOnlyList<Node> BootstrapNodes { get; }

    /// <summary>A ready connection to a node.</summary>
    /// <exception cref="Barnabas.Transport.Requests.DisconnectedException">It could not be established.</exception>
    public Task<NodeConnection> ConnectAsync(Node node, ConnectionRole role, CancellationToken cancellationToken) => _pool.GetAsync(node, role, cancellationToken);

    /// <summary>A ready connection to a node by id.</summary>
    /// <exception cref="KafkaException">The cluster's metadata has no such node (BROKER_NOT_AVAILABLE), or it could not be reached.</exception>
    public async Task<NodeConnection> ConnectAsync(int nodeId, ConnectionRole role, CancellationToken cancellationToken)
    {
        if (!Metadata.Current.Nodes.TryGetValue(nodeId, out var node))
        {
            var snapshot = await Metadata.RefreshAsync(cancellationToken);
            if (!snapshot.Nodes.TryGetValue(nodeId, out node)) throw new NodeNotKnownException(nodeId);
        }

        return await ConnectAsync(node, role, cancellationToken);
    }

    /// <summary>A ready connection to the node with the least to do.</summary>
    /// <exception cref="NoNodeAvailableException">None can be reached.</exception>
    public async Task<NodeConnection> ConnectToAnyAsync(CancellationToken cancellationToken)
    {
        var snapshot = Metadata.Current;
        if (snapshot.Nodes.Count == 0) snapshot = await Metadata.RefreshAsync(cancellationToken);
        Exception? last = null;
        foreach (var node in ByLoad(snapshot.Nodes.Values))
        {
            try
            {
                return await ConnectAsync(node, ConnectionRole.Regular, cancellationToken);
            }
            catch (KafkaException error) when (ErrorClassification.IsRetriable(error))
            {
                last = error;
            }
        }

        Metadata.RequestUpdate();
        throw new NoNodeAvailableException(last);
    }

    /// <summary>A ready connection to the controller (any broker leads there in KRaft; the answer is the same).</summary>
    public async Task<NodeConnection> ConnectToControllerAsync(CancellationToken cancellationToken)
    {
        var snapshot = Metadata.Current;
        if (!snapshot.Nodes.ContainsKey(snapshot.ControllerId)) snapshot = await Metadata.RefreshAsync(cancellationToken);
        if (!snapshot.Nodes.TryGetValue(snapshot.ControllerId, out var controller)) throw ErrorCode.NotController.ToException();
        return await ConnectAsync(controller, ConnectionRole.Regular, cancellationToken);
    }

    /// <summary>An id by chance.</summary>
    internal Uuid NewId()
    {
        lock (_random) return Uuid.Random(_random);
    }

    /// <summary>Nodes with an open connection first, the least busy of them first; nodes that just failed last; else by chance.</summary>
    internal List<Node> ByLoad(IEnumerable<Node> nodes)
    {
        var ordered = new List<(int Rank, int Chance, Node Node)>();
        foreach (var node in nodes)
        {
            var rank = _pool.Load(node.Id, ConnectionRole.Regular) ?? (_pool.IsBackingOff(node.Id, ConnectionRole.Regular) ? int.MaxValue : int.MaxValue - 1);
            int chance;
            lock (_random) chance = _random.Next();
            ordered.Add((rank, chance, node));
        }

        ordered.Sort(static (left, right) => left.Rank != right.Rank ? left.Rank.CompareTo(right.Rank) : left.Chance.CompareTo(right.Chance));
        return ordered.ConvertAll(static entry => entry.Node);
    }

    /// <summary>Closes all connections; what is in flight fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Metadata.Stop();
        await _pool.DisposeAsync();
    }
}
