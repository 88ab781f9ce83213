using Barnabas.Client.Consumer.Fetching;
using Barnabas.Client.Consumer.Membership;
using Barnabas.Client.Consumer.Membership.ServerSide;
using Barnabas.Client.Consumer.Positions;
using Barnabas.Client.Groups;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Consumer;

/// <summary>
/// Reads records from topics, alone or as a member of a group. Fetching, heartbeats and joining run in the background;
/// rebalance listeners and deserializers run inside the polls. One caller at a time: a second one that enters while the
/// first waits gets an <see cref="InvalidOperationException"/>, as with Kafka's consumer.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed partial class Consumer<TKey, TValue> : IAsyncDisposable
{
    private readonly ConsumerContext _context;
    private readonly ConsumerOptions _options;
    private readonly IDeserializer<TKey> _keyDeserializer;
    private readonly IDeserializer<TValue> _valueDeserializer;
    private readonly Fetcher _fetcher;
    private readonly OffsetLookup _lookup;
    private readonly PositionUpdater _positions;
    private readonly IGroupMembership? _membership;
    private Task _leaving = Task.CompletedTask;
    private int _lastPollCount;
    private int _inUse;
    private int _disposed;

    /// <summary>Creates a consumer; it connects when it has something to read.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">The options contradict each other.</exception>
    public Consumer(ConsumerOptions options, IDeserializer<TKey> keyDeserializer, IDeserializer<TValue> valueDeserializer, ClientEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        _options = options;
        _keyDeserializer = keyDeserializer;
        _valueDeserializer = valueDeserializer;
        var cluster = new ClusterClient(options, new ClusterMetadataOptions { AllowAutoTopicCreation = options.AllowAutoCreateTopics }, environment);
        _context = new ConsumerContext(options, cluster, environment.LoggerFactory.CreateLogger("Barnabas.Client.Consumer"));
        _membership = options.GroupId is null ? null : options.GroupProtocol == GroupProtocol.Consumer ? new ConsumerGroupMembership(_context) : new GroupMembership(_context);
        _fetcher = new Fetcher(_context);
        _lookup = new OffsetLookup(_context);
        _positions = new PositionUpdater(_context, _lookup, _membership is null ? null : (partitions, token) => _membership.Committer.FetchAsync(partitions, options.ApiTimeout, token));
        cluster.Metadata.Updated += OnMetadataUpdated;
    }

    /// <summary>The options it was made with.</summary>
    public ConsumerOptions Options => _options;

    /// <summary>The member id the coordinator gave; empty outside a group.</summary>
    public string MemberId => _membership?.Current.MemberId ?? "";

    /// <summary>Who the consumer is in its group now, for <c>Producer.SendOffsetsToTransactionAsync</c>.</summary>
    /// <exception cref="InvalidOperationException">It has no group id.</exception>
    public ConsumerGroupMetadata GroupMetadata => _options.GroupId is { } group
        ? new ConsumerGroupMetadata(group, GenerationId, MemberId, _options.GroupInstanceId)
        : throw new InvalidOperationException("The consumer has no group.id.");

    /// <summary>The generation of the group, or the member's epoch in it (KIP-848); -1 outside one.</summary>
    public int GenerationId => _membership?.Current.Id ?? -1;

    /// <summary>
    /// Commits (with automatic commits), leaves the group, and closes all connections. Waits for a node at most as long
    /// as <c>request.timeout.ms</c>, and at most 30 s; never throws for what the cluster answers. A rebalance listener's
    /// exception comes out when all else is done. A poll under way ends with <see cref="ObjectDisposedException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        var longest = TimeSpan.FromTicks(Math.Min(_options.RequestTimeout.Ticks, TimeSpan.FromSeconds(30).Ticks));
        using var deadline = new CancellationTokenSource(longest, _context.Time);
        _context.Cluster.Metadata.Updated -= OnMetadataUpdated;
        try
        {
            await _leaving.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_membership is not null) await LeaveQuietlyAsync(_membership, deadline.Token);
        }
        finally
        {
            await _context.Stopping.CancelAsync();
            _context.Signal.Set();
            await _fetcher.StopAsync(deadline.Token);
            await _positions.StopAsync();
            if (_membership is not null) await _membership.StopAsync();
            await _context.Cluster.DisposeAsync();
            _context.Stopping.Dispose();
        }
    }

    private async Task LeaveQuietlyAsync(IGroupMembership membership, CancellationToken cancellationToken)
    {
        try
        {
            await membership.AutoCommitter.CommitAtCloseAsync(cancellationToken);
            await membership.LeaveAsync("the consumer is being closed", cancellationToken);
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException)
        {
            GroupLog.LeaveFailed(_context.Logger, _options.GroupId!, error.Message);
        }
    }

    private void OnMetadataUpdated(ClusterSnapshot snapshot) => _context.Signal.Set();

    // One caller at a time; a rebalance listener that calls back is the same caller.
    private Entry Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (_inListener.Value) return default;
        if (Interlocked.Exchange(ref _inUse, 1) != 0) throw new InvalidOperationException("The consumer is not safe for multi-threaded access: another call is under way.");
        return new Entry(this);
    }

    private readonly AsyncLocal<bool> _inListener = new();

    private readonly struct Entry(Consumer<TKey, TValue> owner) : IDisposable
    {
        public void Dispose()
        {
            if (owner is not null) Volatile.Write(ref owner._inUse, 0);
        }
    }
}
