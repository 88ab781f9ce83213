using System.Runtime.CompilerServices;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Consumer.Sharing;

/// <summary>
/// Reads records as a member of a share group (KIP-932): each record goes to one member at a time, and is acknowledged
/// by itself. Implicitly, by the next poll or <see cref="CommitAsync"/>; with <c>share.acknowledgement.mode=explicit</c>
/// each by <see cref="Acknowledge(in ShareConsumeResult{TKey, TValue}, AcknowledgeType)"/>. One caller at a time: a second
/// one that enters while the first waits gets an <see cref="InvalidOperationException"/>. Heartbeats run in the background.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed partial class ShareConsumer<TKey, TValue> : IAsyncDisposable
{
    private readonly ConsumerOptions _options;
    private readonly IDeserializer<TKey> _keyDeserializer;
    private readonly IDeserializer<TValue> _valueDeserializer;
    private readonly ClusterClient _cluster;
    private readonly ILogger _logger;
    private readonly Signal _signal;
    private readonly ShareMembership _membership;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<int, ShareSession> _sessions = [];
    private readonly Dictionary<(TopicPartition Partition, long Offset), ShareDelivery<TKey, TValue>> _delivered = [];
    private readonly Dictionary<(TopicPartition Partition, long Offset), ShareDelivery<TKey, TValue>> _renewing = [];
    private readonly List<ShareDelivery<TKey, TValue>> _renewed = [];
    private readonly Queue<ShareDelivery<TKey, TValue>> _received = new();
    private KafkaException? _reported;
    private bool _isSubscribed;
    private int _inUse;
    private int _disposed;

    /// <summary>Creates a member; it joins when it subscribes.</summary>
    /// <exception cref="ArgumentException">The options name no group.</exception>
    public ShareConsumer(ConsumerOptions options, IDeserializer<TKey> keyDeserializer, IDeserializer<TValue> valueDeserializer, ClientEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        if (options.GroupId is null) throw new ArgumentException("A share consumer needs a group.id.", nameof(options));
        _options = options;
        _keyDeserializer = keyDeserializer;
        _valueDeserializer = valueDeserializer;
        _cluster = new ClusterClient(options, new ClusterMetadataOptions { AllowAutoTopicCreation = options.AllowAutoCreateTopics }, environment);
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Client.ShareConsumer");
        _signal = new Signal(_cluster.Time);
        _membership = new ShareMembership(_cluster, options, _logger, _signal, Report);
    }

    /// <summary>The options it was made with.</summary>
    public ConsumerOptions Options => _options;

    /// <summary>The member's id.</summary>
    public string MemberId => _membership.MemberId;

    /// <summary>
    /// Told, inside polls, commits and the disposal, which offsets of a partition the broker took an acknowledgement
    /// for, or why it did not.
    /// </summary>
    public Action<TopicPartition, IReadOnlyList<long>, KafkaException?>? AcknowledgementsCommitted { get; set; }

    /// <summary>Reads these topics from now on; none leaves the group.</summary>
    public void Subscribe(IReadOnlyCollection<string> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        using var entry = Enter();
        _isSubscribed = topics.Count > 0;
        _cluster.Metadata.Pin(topics);
        _membership.Subscribe([.. topics.Order(StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Returns records, at most <c>max.poll.records</c>; none when the time is over first. Accepts those of the last
    /// poll, unless acknowledgements are explicit. After renewals it returns the renewed records and no others.
    /// </summary>
    /// <param name="timeout">How long to wait for the first record.</param>
    /// <param name="cancellationToken">Gives up; what a request under way brings comes with the next poll.</param>
    /// <exception cref="InvalidOperationException">Not subscribed; or, in the explicit mode, a record of the last poll is not acknowledged.</exception>
    /// <exception cref="KafkaException">The cluster refuses for good.</exception>
    public async ValueTask<IReadOnlyList<ShareConsumeResult<TKey, TValue>>> PollAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var entry = Enter();
        AcceptIfImplicit();
        if (_options.ShareAcknowledgementMode == ShareAcknowledgementMode.Explicit && _delivered.Values.Any(static delivery => delivery.Type is null))
            throw new InvalidOperationException("All records must be acknowledged in explicit acknowledgement mode.");
        if (!_isSubscribed) throw new InvalidOperationException("Consumer is not subscribed to any topics.");
        _membership.Polls.Enter();
        try
        {
            TakeAcknowledgements();
            if (_renewing.Count > 0) await SendAcknowledgementsAsync([], cancellationToken);
            return _renewed.Count > 0 ? HandOutRenewed() : await WaitAsync(timeout, cancellationToken);
        }
        finally
        {
            _membership.Polls.Leave();
            _membership.Polled();
        }
    }

    /// <summary>All records, until cancelled; each poll's are accepted when the next after them is asked for (in the implicit mode).</summary>
    public async IAsyncEnumerable<ShareConsumeResult<TKey, TValue>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            foreach (var result in await PollAsync(Timeout.InfiniteTimeSpan, cancellationToken)) yield return result;
        }
    }

    /// <summary>Says what became of a record of the last poll (in the explicit mode); sent with the next poll or commit, until when it can be said anew.</summary>
    /// <exception cref="InvalidOperationException">Acknowledgements are implicit, or it is none of the last poll's.</exception>
    public void Acknowledge(in ShareConsumeResult<TKey, TValue> result, AcknowledgeType type = AcknowledgeType.Accept) => Acknowledge(result.Record.TopicPartition, result.Record.Offset, type);

    /// <inheritdoc cref="Acknowledge(in ShareConsumeResult{TKey, TValue}, AcknowledgeType)"/>
    public void Acknowledge(TopicPartition partition, long offset, AcknowledgeType type)
    {
        using var entry = Enter();
        if (_options.ShareAcknowledgementMode == ShareAcknowledgementMode.Implicit) throw new InvalidOperationException("Implicit acknowledgement of delivery is being used.");
        if (!_delivered.TryGetValue((partition, offset), out var delivery)) throw new InvalidOperationException("The record cannot be acknowledged.");
        delivery.Type = type;
    }

    /// <summary>Sends the acknowledgements and waits. An exception per partition says why they were not taken; null that they were.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, KafkaException?>> CommitAsync(CancellationToken cancellationToken = default)
    {
        using var entry = Enter();
        AcceptIfImplicit();
        TakeAcknowledgements();
        var results = new Dictionary<TopicPartition, KafkaException?>();
        await SendAcknowledgementsAsync(results, cancellationToken);
        return results;
    }

    /// <summary>Sends what was acknowledged, gives back what was not, and leaves the group. At most 30 s; never throws for what the cluster answers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        using var deadline = new CancellationTokenSource(TimeSpan.FromTicks(Math.Min(_options.RequestTimeout.Ticks, TimeSpan.FromSeconds(30).Ticks)), _cluster.Time);
        try
        {
            TakeAcknowledgements();
            foreach (var session in _sessions.Values)
            {
                await FinishAsync(session, deadline.Token);
                await AcknowledgeAsync(session, [], isLast: true, deadline.Token);
            }
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            ConsumerLog.SessionNotClosed(_logger, error.Message);
        }
        finally
        {
            await _membership.LeaveAsync(deadline.Token);
            await _stopping.CancelAsync();
            await _cluster.DisposeAsync();
            foreach (var session in _sessions.Values) await session.LastRequest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stopping.Dispose();
        }
    }

    private void Report(KafkaException error)
    {
        Interlocked.CompareExchange(ref _reported, error, null);
        _signal.Set();
    }

    private Entry Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (Interlocked.Exchange(ref _inUse, 1) != 0) throw new InvalidOperationException("The share consumer is not safe for multi-threaded access: another call is under way.");
        return new Entry(this);
    }

    private readonly struct Entry(ShareConsumer<TKey, TValue> owner) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref owner._inUse, 0);
    }
}
