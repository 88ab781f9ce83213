using Barnabas.Client.Consumer.Assignors;
using Barnabas.Client.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership;

/// <summary>
/// This consumer's place in its group, by the classic protocol. Everything that changes the assignment or calls the
/// listener happens inside the poll; joining itself and heartbeats run besides it, so that retained partitions are read
/// meanwhile (KIP-429).
/// </summary>
internal sealed partial class GroupMembership : IGroupMembership, IClassicGroup
{
    private readonly ConsumerContext _context;
    private readonly ConsumerOptions _options;
    private readonly string _group;
    private readonly IReadOnlyList<IPartitionAssignor> _assignors;
    private readonly bool _isCooperative;
    private readonly Lock _gate = new();
    private readonly ClassicGroupMember _member;
    private string? _rejoinReason;
    private Task<JoinOutcome>? _join;
    private bool _isPrepared;
    private bool _wasLost;
    private HashSet<string> _subscribedAtJoin = [];
    private List<TopicPartition> _ownedAtJoin = [];
    private long _triedMetadataVersion = -1;
    private Dictionary<string, int> _partitionsAtAssignment = [];
    private Dictionary<TopicPartition, IReadOnlySet<string>> _racksAtAssignment = [];
    private HashSet<string> _groupTopics = [];

    public GroupMembership(ConsumerContext context)
    {
        _context = context;
        _options = context.Options;
        _group = context.Options.GroupId!;
        _assignors = AssignorCatalog.Resolve(context.Options.AssignmentStrategies);
        // All members must be able to speak the same protocol: eager, unless every assignor can do without (KIP-429).
        _isCooperative = _assignors.All(assignor => assignor.SupportsCooperative);
        _member = new ClassicGroupMember(
            context.Cluster,
            new ClassicGroupOptions
            {
                GroupId = _group,
                GroupInstanceId = _options.GroupInstanceId,
                SessionTimeout = _options.SessionTimeout,
                RebalanceTimeout = _options.MaxPollInterval,
                HeartbeatInterval = _options.HeartbeatInterval,
            },
            this,
            context.Logger);
        Committer = new OffsetCommitter(context, () => Current, OutOfGroup);
        AutoCommitter = new AutoCommitter(context, Committer);
        Polls = new PollWatch(context.Time, _options.MaxPollInterval);
    }

    public OffsetCommitter Committer { get; }

    public AutoCommitter AutoCommitter { get; }

    public PollWatch Polls { get; }

    public Generation Current => _member.Current;

    public bool IsRebalancing
    {
        get
        {
            lock (_gate) return _rejoinReason is not null || _join is not null;
        }
    }

    public void SubscriptionChanged() => RequestRejoin("the subscription changed");

    private void RequestRejoin(string reason)
    {
        lock (_gate) _rejoinReason ??= reason;
        _context.Signal.Set();
    }

    public async ValueTask AdvanceAsync(CancellationToken cancellationToken)
    {
        if (SubscribedTopics.Match(_context)) RequestRejoin("the topics that match the pattern changed");
        if (!_context.Subscription.IsSubscribed) return;
        _member.StartHeartbeats(_context.Stopping.Token);
        lock (_gate)
        {
            if (!Current.IsMember && _join is null) _rejoinReason ??= "not a member yet";
        }

        CheckMetadata();
        if (_join is null)
        {
            if (_rejoinReason is null) return;
            await StartJoinAsync(cancellationToken);
        }

        if (_join is { IsCompleted: true } join) await CompleteAsync(join, cancellationToken);
    }

    private async ValueTask StartJoinAsync(CancellationToken cancellationToken)
    {
        if (!_isPrepared)
        {
            await PrepareAsync(cancellationToken);
            _isPrepared = true;
        }

        string reason;
        lock (_gate)
        {
            reason = _rejoinReason ?? "";
            _rejoinReason = null;
        }

        lock (_context.Subscription.Gate)
        {
            _subscribedAtJoin = [.. _context.Subscription.Topics];
            _ownedAtJoin = _context.Subscription.Partitions();
        }

        _join = WakeAfterAsync(_member.JoinAsync(reason, endsWhenLost: _ownedAtJoin.Count > 0, _context.Stopping.Token));
    }

    private async Task<JoinOutcome> WakeAfterAsync(Task<JoinOutcome> join)
    {
        try
        {
            return await join;
        }
        finally
        {
            _context.Signal.Set();
        }
    }

    // Before a join: commit, and give up what must be given up.
    private async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        List<TopicPartition> assigned;
        lock (_context.Subscription.Gate) assigned = _context.Subscription.Partitions();
        var isMember = Current.IsMember;
        if (isMember) await AutoCommitter.CommitBeforeRebalanceAsync(cancellationToken);
        if (_wasLost || (!isMember && assigned.Count > 0))
        {
            _wasLost = false;
            Drop(assigned);
            if (assigned.Count > 0 && _context.Subscription.Listener is { } listener) await listener.OnPartitionsLostAsync(assigned, cancellationToken);
            return;
        }

        var revoked = _isCooperative ? assigned.FindAll(partition => !_context.Subscription.Topics.Contains(partition.Topic)) : assigned;
        if (revoked.Count > 0 && _context.Subscription.Listener is { } revokedListener) await revokedListener.OnPartitionsRevokedAsync(revoked, cancellationToken);
        Drop(revoked);
    }

    private async ValueTask CompleteAsync(Task<JoinOutcome> join, CancellationToken cancellationToken)
    {
        _join = null;
        JoinOutcome outcome;
        try
        {
            outcome = await join;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (KafkaException)
        {
            RequestRejoin("the last join failed");
            throw;
        }

        if (outcome.Assignment is not { } bytes)
        {
            // Kicked out while joining: what we had is somebody else's.
            _wasLost = true;
            _isPrepared = false;
            RequestRejoin("the member id is no longer known");
            return;
        }

        _isPrepared = false;
        var assignment = bytes.IsEmpty ? new ConsumerProtocolAssignment() : ConsumerProtocol.ReadWholeAssignment(bytes);
        var assigned = ConsumerProtocol.Partitions(assignment);
        List<TopicPartition> owned;
        bool foreign;
        lock (_context.Subscription.Gate)
        {
            owned = _context.Subscription.Partitions();
            foreign = assigned.Exists(partition => !_context.Subscription.Topics.Contains(partition.Topic));
        }

        if (foreign && _context.Subscription.Pattern is null)
        {
            RequestRejoin("the subscription changed while joining");
            return;
        }

        var revoked = owned.Except(assigned).ToList();
        var added = assigned.Except(owned).ToList();
        ConsumerLog.Assigned(_context.Logger, _group, string.Join(", ", revoked), string.Join(", ", added), assigned.Count);
        var listener = _context.Subscription.Listener;
        if (_isCooperative && revoked.Count > 0)
        {
            if (listener is not null) await listener.OnPartitionsRevokedAsync(revoked, cancellationToken);
            // The next generation gives them to others.
            RequestRejoin("need to revoke partitions and re-join");
        }

        foreach (var assignor in _assignors)
        {
            if (assignor.Name == outcome.Protocol) assignor.OnAssignment(assignment, outcome.GenerationId);
        }

        lock (_context.Subscription.Gate) _context.Subscription.Replace(assigned);
        _context.Cluster.Metadata.Pin(TrackedTopics());
        if (listener is not null) await listener.OnPartitionsAssignedAsync(added, cancellationToken);
    }

    public async ValueTask LeaveAsync(string reason, CancellationToken cancellationToken)
    {
        List<TopicPartition> assigned;
        lock (_context.Subscription.Gate) assigned = _context.Subscription.Partitions();
        if (assigned.Count > 0 && _context.Subscription is { IsSubscribed: true, Listener: { } listener })
        {
            if (Current.IsMember) await listener.OnPartitionsRevokedAsync(assigned, cancellationToken);
            else await listener.OnPartitionsLostAsync(assigned, cancellationToken);
        }

        Drop(assigned);
        await _member.LeaveAsync(reason, cancellationToken);
        _member.Reset(keepsMemberId: false);
        lock (_gate)
        {
            _rejoinReason = null;
            _isPrepared = false;
        }
    }

    private void Drop(List<TopicPartition> partitions)
    {
        if (partitions.Count == 0) return;
        lock (_context.Subscription.Gate) _context.Subscription.Replace(_context.Subscription.Partitions().Except(partitions));
    }

    /// <summary>The coordinator said that this member is not (or not quite) in the group any more.</summary>
    private void OutOfGroup(ErrorCode code)
    {
        if (code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration) _member.Reset(keepsMemberId: code == ErrorCode.IllegalGeneration);
        OnRejoinNeeded($"the coordinator answered {ErrorCodes.Name(code)}", wasLost: code != ErrorCode.RebalanceInProgress);
    }

    // The leader assigns again when there are more partitions, or topics came or went.
    private void CheckMetadata()
    {
        var snapshot = _context.Cluster.Metadata.Current;
        if (snapshot.Version == _triedMetadataVersion || _join is not null) return;
        _triedMetadataVersion = snapshot.Version;
        if (_partitionsAtAssignment.Count > 0 || _groupTopics.Count > 0)
        {
            foreach (var topic in _groupTopics)
            {
                var count = snapshot.Topics.TryGetValue(topic, out var known) ? known.Partitions.Count : 0;
                if (count != _partitionsAtAssignment.GetValueOrDefault(topic))
                {
                    RequestRejoin($"the partitions of topic {topic} changed since the last assignment");
                    return;
                }
            }

            // Only a leader that stands in a rack itself looks after racks, as Kafka's.
            if (_options.ClientRack.Length > 0 && RacksChanged(Racks(snapshot, _groupTopics)))
            {
                RequestRejoin("the racks of replicas changed since the last assignment");
                return;
            }
        }

        bool subscriptionChanged;
        lock (_context.Subscription.Gate) subscriptionChanged = Current.IsMember && !_subscribedAtJoin.SetEquals(_context.Subscription.Topics);
        if (subscriptionChanged) RequestRejoin("the subscription changed");
    }

    private bool RacksChanged(Dictionary<TopicPartition, IReadOnlySet<string>> racks) =>
        racks.Count != _racksAtAssignment.Count || racks.Any(entry => !_racksAtAssignment.TryGetValue(entry.Key, out var before) || !before.SetEquals(entry.Value));

    private IEnumerable<string> TrackedTopics()
    {
        lock (_context.Subscription.Gate) return [.. _context.Subscription.Topics.Union(_groupTopics)];
    }
}
