using Barnabas.Client.Groups;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Membership.ServerSide;

/// <summary>
/// This consumer's place in its group by the protocol of KIP-848: the coordinator assigns, heartbeats carry everything.
/// The heartbeat loop runs besides the polls; the polls reconcile, since listeners run in them.
/// </summary>
internal sealed partial class ConsumerGroupMembership : IGroupMembership
{
    private readonly ConsumerContext _context;
    private readonly ConsumerOptions _options;
    private readonly string _group;
    private readonly Lock _gate = new();
    private readonly ConsumerMembershipManager _member;
    private readonly HeartbeatState _heartbeatState;
    private readonly TopicIdResolver _topicIds;
    private KafkaException? _fatal;

    public ConsumerGroupMembership(ConsumerContext context)
    {
        _context = context;
        _options = context.Options;
        _group = context.Options.GroupId!;
        _member = new ConsumerMembershipManager(context.Cluster.NewId().ToString(), _options.GroupInstanceId is not null);
        _heartbeatState = new HeartbeatState(_options);
        _topicIds = new TopicIdResolver(context);
        _wake = new Signal(context.Time);
        Polls = new PollWatch(context.Time, _options.MaxPollInterval);
        // The coordinator says by heartbeat when the membership ends; a refused commit only makes that come sooner.
        Committer = new OffsetCommitter(context, () => Current, _ => HeartbeatSoon(), tellsMember: true);
        AutoCommitter = new AutoCommitter(context, Committer);
    }

    public OffsetCommitter Committer { get; }

    public AutoCommitter AutoCommitter { get; }

    public PollWatch Polls { get; }

    public Generation Current
    {
        get
        {
            lock (_gate) return _member.MemberEpoch > 0 ? new Generation(_member.MemberEpoch, _member.MemberId, null) : new Generation(-1, _member.MemberId, null);
        }
    }

    public bool IsRebalancing
    {
        get
        {
            lock (_gate) return _member.State is not (MemberState.Stable or MemberState.Unsubscribed or MemberState.Fatal);
        }
    }

    public void SubscriptionChanged() => HeartbeatSoon();

    public async ValueTask AdvanceAsync(CancellationToken cancellationToken)
    {
        if (SubscribedTopics.Match(_context)) HeartbeatSoon();
        if (!_context.Subscription.IsSubscribed) return;
        MemberState state;
        bool joins;
        lock (_gate)
        {
            joins = _member.State == MemberState.Unsubscribed;
            if (joins) _member.Join();
            state = _member.State;
        }

        StartHeartbeats();
        if (joins) HeartbeatSoon();
        switch (state)
        {
            case MemberState.Fenced or MemberState.Stale:
                await LoseAllAsync(cancellationToken);
                lock (_gate)
                {
                    if (_member.State is MemberState.Fenced or MemberState.Stale) _member.Join();
                }

                HeartbeatSoon();
                break;
            case MemberState.Fatal:
                await LoseAllAsync(cancellationToken);
                throw _fatal!;
            case MemberState.Reconciling:
                await ReconcileAsync(cancellationToken);
                break;
        }
    }

    public async ValueTask LeaveAsync(string reason, CancellationToken cancellationToken)
    {
        bool isMember, mustLeave;
        lock (_gate)
        {
            isMember = _member is { IsInGroup: true, MemberEpoch: > 0 };
            mustLeave = _member.PrepareToLeave();
        }

        try
        {
            if (isMember) await RevokeAllAsync(cancellationToken);
            else await LoseAllAsync(cancellationToken);
        }
        finally
        {
            bool leaves;
            lock (_gate) leaves = mustLeave && _member.Leave();
            if (leaves) await SendLeaveAsync(reason, cancellationToken);
        }
    }

    public async Task StopAsync()
    {
        if (_heartbeats is not null) await _heartbeats;
        await _topicIds.StopAsync();
    }

    private async ValueTask RevokeAllAsync(CancellationToken cancellationToken)
    {
        var assigned = Assigned();
        try
        {
            if (assigned.Count > 0 && Listener is { } listener) await listener.OnPartitionsRevokedAsync(assigned, cancellationToken);
        }
        finally
        {
            Replace([]);
        }
    }

    private async ValueTask LoseAllAsync(CancellationToken cancellationToken)
    {
        var assigned = Assigned();
        Replace([]);
        if (assigned.Count > 0 && Listener is { } listener) await listener.OnPartitionsLostAsync(assigned, cancellationToken);
    }

    private IRebalanceListener? Listener => _context.Subscription.IsSubscribed ? _context.Subscription.Listener : null;

    private List<TopicPartition> Assigned()
    {
        lock (_context.Subscription.Gate) return _context.Subscription.IsSubscribed ? _context.Subscription.Partitions() : [];
    }

    private void Replace(IEnumerable<TopicPartition> partitions)
    {
        lock (_context.Subscription.Gate)
        {
            if (_context.Subscription.IsSubscribed) _context.Subscription.Replace(partitions);
        }
    }
}
