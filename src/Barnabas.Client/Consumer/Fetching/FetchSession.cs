using Barnabas.Client.Metadata;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Fetching;

/// <summary>What is asked of one partition, and what its state was then.</summary>
internal readonly record struct FetchTarget(TopicPartition Partition, Uuid TopicId, long Offset, int LeaderEpoch, int Jumps);

/// <summary>
/// The fetch session with one node (KIP-227): after a first full request only what changed is sent. Guarded by the
/// subscription's lock.
/// </summary>
internal sealed class FetchSession
{
    private const int FinalEpoch = -1;
    private readonly Dictionary<TopicPartition, FetchTarget> _known = [];
    private readonly Dictionary<Uuid, string> _names = [];
    private int _sessionId;
    private int _epoch;

    public bool IsInFlight { get; set; }

    public long NotBeforeTimestamp { get; set; }

    public int Failures { get; set; }

    /// <summary>What the request in flight asks.</summary>
    public IReadOnlyDictionary<TopicPartition, FetchTarget> Asked => _known;

    /// <summary>Whether every topic has an id, as versions from 13 on need.</summary>
    public bool CanUseTopicIds { get; private set; }

    public string? NameOf(Uuid topicId) => _names.GetValueOrDefault(topicId);

    public FetchRequest Build(List<FetchTarget> targets, ConsumerOptions options)
    {
        var ids = targets.TrueForAll(static target => target.TopicId != Uuid.Zero);
        // A session cannot change between names and ids.
        if (ids != CanUseTopicIds && _epoch > 0) StartAnew();
        CanUseTopicIds = ids;
        var request = new FetchRequest
        {
            MaxWaitMs = (int)options.FetchMaxWait.TotalMilliseconds,
            MinBytes = options.FetchMinBytes,
            MaxBytes = options.FetchMaxBytes,
            IsolationLevel = (sbyte)options.IsolationLevel,
            SessionId = _sessionId,
            SessionEpoch = _epoch,
            RackId = options.ClientRack,
        };
        if (_epoch > 0) Forget(request, targets);
        else _known.Clear();

        Dictionary<string, FetchRequest.FetchTopic>? topics = null;
        foreach (var target in targets)
        {
            var same = _known.TryGetValue(target.Partition, out var before) && before.Offset == target.Offset && before.LeaderEpoch == target.LeaderEpoch && before.TopicId == target.TopicId;
            _known[target.Partition] = target;
            if (target.TopicId != Uuid.Zero) _names[target.TopicId] = target.Partition.Topic;
            if (same && _epoch > 0) continue;
            topics ??= new Dictionary<string, FetchRequest.FetchTopic>(StringComparer.Ordinal);
            if (!topics.TryGetValue(target.Partition.Topic, out var topic))
            {
                topics[target.Partition.Topic] = topic = new FetchRequest.FetchTopic { Topic = target.Partition.Topic, TopicId = target.TopicId };
                request.Topics.Add(topic);
            }

            topic.Partitions.Add(new FetchRequest.FetchPartition
            {
                Partition = target.Partition.Partition,
                CurrentLeaderEpoch = target.LeaderEpoch,
                FetchOffset = target.Offset,
                PartitionMaxBytes = options.MaxPartitionFetchBytes,
            });
        }

        return request;
    }

    /// <summary>The last request of a session, which frees it at the node; null without one.</summary>
    public FetchRequest? BuildClose(ConsumerOptions options) => _sessionId == 0 ? null : new FetchRequest
    {
        MaxWaitMs = 0,
        MinBytes = options.FetchMinBytes,
        MaxBytes = options.FetchMaxBytes,
        IsolationLevel = (sbyte)options.IsolationLevel,
        SessionId = _sessionId,
        SessionEpoch = FinalEpoch,
        RackId = options.ClientRack,
    };

    public void Completed(FetchResponse response)
    {
        Failures = 0;
        if (response.SessionId == 0)
        {
            StartAnew();
            return;
        }

        _sessionId = response.SessionId;
        _epoch = _epoch == int.MaxValue ? 1 : _epoch + 1;
    }

    /// <summary>The node does not know the session, or we do not know what it knows.</summary>
    public void Failed(ErrorCode code)
    {
        if (code == ErrorCode.FetchSessionIdNotFound) _sessionId = 0;
        _epoch = 0;
    }

    private void StartAnew() => (_sessionId, _epoch) = (0, 0);

    private void Forget(FetchRequest request, List<FetchTarget> targets)
    {
        var kept = 0;
        foreach (var target in targets)
        {
            if (_known.TryGetValue(target.Partition, out var before) && before.TopicId == target.TopicId) kept++;
        }

        if (kept == _known.Count) return;
        var wanted = targets.ToDictionary(static target => target.Partition);
        var topics = new Dictionary<(string, Uuid), FetchRequest.ForgottenTopic>();
        foreach (var (partition, known) in _known)
        {
            if (wanted.TryGetValue(partition, out var target) && target.TopicId == known.TopicId) continue;
            if (!topics.TryGetValue((partition.Topic, known.TopicId), out var topic))
            {
                topics[(partition.Topic, known.TopicId)] = topic = new FetchRequest.ForgottenTopic { Topic = partition.Topic, TopicId = known.TopicId };
                request.ForgottenTopicsData.Add(topic);
            }

            topic.Partitions.Add(partition.Partition);
            _known.Remove(partition);
        }
    }
}
