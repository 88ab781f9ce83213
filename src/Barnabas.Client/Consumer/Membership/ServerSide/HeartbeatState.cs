using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership.ServerSide;

/// <summary>What a heartbeat may have to tell besides who the member is.</summary>
/// <param name="Topics">Topics by name, in order.</param>
/// <param name="Pattern">A pattern that the coordinator resolves; null for none.</param>
internal readonly record struct SubscriptionToTell(IReadOnlyList<string> Topics, string? Pattern);

/// <summary>Builds heartbeats: everything while joining and after an error, afterwards only what changed since the last one. Guarded by its owner.</summary>
internal sealed class HeartbeatState(ConsumerOptions options)
{
    private int _rebalanceTimeoutMs = -1;
    private IReadOnlyList<string>? _topics;
    private string? _pattern;
    private string? _serverAssignor;
    private LocalAssignment? _assignment;

    /// <summary>It is not known what reached the coordinator.</summary>
    public void Reset() => (_rebalanceTimeoutMs, _topics, _pattern, _serverAssignor, _assignment) = (-1, null, null, null, null);

    public ConsumerGroupHeartbeatRequest Build(ConsumerMembershipManager member, SubscriptionToTell subscription)
    {
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = options.GroupId!,
            MemberId = member.MemberId,
            MemberEpoch = member.MemberEpoch,
            InstanceId = options.GroupInstanceId,
        };
        if (member.State is MemberState.Leaving) return request;
        var all = member.State is MemberState.Joining;
        var rebalanceTimeoutMs = (int)options.MaxPollInterval.TotalMilliseconds;
        if (all || _rebalanceTimeoutMs != rebalanceTimeoutMs) request.RebalanceTimeoutMs = _rebalanceTimeoutMs = rebalanceTimeoutMs;
        if (all || _topics is null || !_topics.SequenceEqual(subscription.Topics))
        {
            request.SubscribedTopicNames = [.. subscription.Topics];
            _topics = subscription.Topics;
        }

        // An empty text takes a pattern back.
        if ((all && subscription.Pattern is not null) || _pattern != subscription.Pattern)
        {
            request.SubscribedTopicRegex = subscription.Pattern ?? "";
            _pattern = subscription.Pattern;
        }

        if (options.GroupRemoteAssignor is { } assignor && (all || _serverAssignor != assignor)) request.ServerAssignor = _serverAssignor = assignor;
        if (all || !member.Current.Equals(_assignment))
        {
            request.TopicPartitions = [.. member.Current.Partitions.Select(static topic => new ConsumerGroupHeartbeatRequest.TopicPartitionsData { TopicId = topic.Key, Partitions = [.. topic.Value.Order()] })];
            _assignment = member.Current;
        }

        if (all && options.ClientRack.Length > 0) request.RackId = options.ClientRack;
        return request;
    }
}
