using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Metadata;

/// <summary>
/// The client's view of the cluster: nodes, and the leaders of the topics it uses. Renewed when it ages, when an error
/// says that it is out of date, and when a topic comes into use. Thread-safe; <see cref="Current"/> never blocks.
/// </summary>
public sealed partial class ClusterMetadata
{
    private readonly Lock _gate = new();
    private readonly ClusterClient _cluster;
    private readonly ClientOptions _options;
    private readonly ClusterMetadataOptions _metadataOptions;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly TrackedTopics _tracked;
    private readonly ITimer _timer;
    private volatile ClusterSnapshot _current = ClusterSnapshot.Empty;
    private Dictionary<string, ErrorCode> _topicErrors = new(StringComparer.Ordinal);
    private Task<ClusterSnapshot>? _running;
    private Task<ClusterSnapshot>? _next;
    private int _fruitlessUpdates;
    private bool _scheduled;
    private bool _stopped;

    internal ClusterMetadata(ClusterClient cluster, ClientOptions options, ClusterMetadataOptions metadataOptions, ClientEnvironment environment, ILogger logger)
    {
        _cluster = cluster;
        _options = options;
        _metadataOptions = metadataOptions;
        _time = environment.Time;
        _logger = logger;
        _backoff = new Backoff(options.RetryBackoff, options.RetryBackoffMax, environment.Random);
        _tracked = new TrackedTopics(_time);
        _lastSuccessTimestamp = _time.GetTimestamp();
        _timer = _time.CreateTimer(static state => ((ClusterMetadata)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What is known now.</summary>
    public ClusterSnapshot Current => _current;

    /// <summary>Raised after each update, on whatever thread brought it.</summary>
    public event Action<ClusterSnapshot>? Updated;

    /// <summary>Keeps all topics up to date, as pattern subscriptions need.</summary>
    public bool TrackAllTopics
    {
        get => _tracked.All;
        set => _tracked.All = value;
    }

    /// <summary>Keeps these topics up to date until the next call. Asks for an update when one is new.</summary>
    public void Pin(IEnumerable<string> topics)
    {
        if (_tracked.Pin(topics)) RequestUpdate();
    }

    /// <summary>Why a topic has no metadata, as of the last update.</summary>
    public ErrorCode TopicError(string topic)
    {
        lock (_gate) return _topicErrors.GetValueOrDefault(topic);
    }

    /// <summary>The topic, asking for it until it is there. It stays up to date while it is used.</summary>
    /// <exception cref="KafkaException">The node refuses for good (invalid name, not authorized), or no known node can be reached.</exception>
    /// <exception cref="OperationCanceledException">It did not come in time; the last error is in <see cref="TopicError"/>.</exception>
    public ValueTask<TopicMetadata> GetTopicAsync(string topic, CancellationToken cancellationToken)
    {
        _tracked.Touch(topic);
        return _current.Topics.TryGetValue(topic, out var known) ? ValueTask.FromResult(known) : WaitForTopicAsync(topic, cancellationToken);
    }

    /// <summary>Asks for an update soon, without waiting; many calls make one. Updates that change nothing come ever slower.</summary>
    public void RequestUpdate()
    {
        lock (_gate)
        {
            if (_scheduled || _stopped) return;
            _scheduled = true;
            _timer.Change(_fruitlessUpdates == 0 ? TimeSpan.Zero : _backoff.After(_fruitlessUpdates), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes over a leader that another response told of (KIP-951), if it is newer than what is known.</summary>
    public void UpdateLeader(TopicPartition partition, int leaderId, int leaderEpoch, Node? leader)
    {
        lock (_gate)
        {
            var current = _current;
            if (current.Find(partition) is not { } known || known.LeaderEpoch >= leaderEpoch) return;
            if (leader is null && !current.Nodes.ContainsKey(leaderId)) return;
            var topic = current.Topics[partition.Topic];
            var changed = topic with
            {
                Partitions = [.. topic.Partitions.Select(one => one.Partition == partition.Partition ? one with { LeaderId = leaderId, LeaderEpoch = leaderEpoch, Error = ErrorCode.None } : one)],
            };
            var nodes = current.Nodes.Values.Where(node => node.Id != leaderId || leader is null);
            _current = new ClusterSnapshot(
                current.ClusterId,
                current.ControllerId,
                leader is null ? nodes : nodes.Append(leader),
                current.Topics.Values.Select(one => one.Name == topic.Name ? changed : one),
                current.Version + 1);
        }

        Updated?.Invoke(_current);
    }

    private async ValueTask<TopicMetadata> WaitForTopicAsync(string topic, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            _tracked.Touch(topic);
            try
            {
                var snapshot = await RefreshAsync(cancellationToken);
                if (snapshot.Topics.TryGetValue(topic, out var found)) return found;
                var error = TopicError(topic);
                if (error != ErrorCode.None && !ErrorCodes.IsRetriable(error))
                {
                    _tracked.Forget(topic);
                    throw error.ToException(error == ErrorCode.InvalidTopicException ? $"Invalid topics: [{topic}]" : $"{ErrorCodes.Message(error)} ({topic})");
                }
            }
            catch (Exception error) when (ErrorClassification.IsRetriable(error) && !cancellationToken.IsCancellationRequested)
            {
                // The next try may find a node.
            }

            await Task.Delay(_backoff.After(failures), _time, cancellationToken);
        }
    }

    internal void Stop()
    {
        lock (_gate) _stopped = true;
        _timer.Dispose();
    }
}
