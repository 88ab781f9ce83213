using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer.Assignors;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>
/// What one request makes of a group, drawn up beside it: the records so far, and the group as it will be once they are
/// replayed. The group itself stays as it is until then.
/// </summary>
internal sealed class ConsumerGroupChange(ConsumerGroup group, IGroupTopics topics, ConsumerGroupConfig config, long nowMs)
{
    private readonly Dictionary<string, ConsumerGroupMember?> _members = [];
    private readonly Dictionary<string, Assignment> _targets = [];
    private readonly Dictionary<string, ResolvedPattern> _patterns = [];
    private readonly List<CoordinatorRecord> _records = [];

    public IReadOnlyList<CoordinatorRecord> Records => _records;

    /// <summary>Whether a member was written, came or went.</summary>
    public bool HasMemberChanges => _members.Count > 0;

    public int GroupEpoch { get; private set; } = group.GroupEpoch;

    public int TargetEpoch { get; private set; } = group.TargetEpoch;

    public Assignment TargetOf(string memberId) => _targets.TryGetValue(memberId, out var target) ? target : group.TargetOf(memberId);

    /// <summary>Writes what the member says of itself.</summary>
    public void PutMember(ConsumerGroupMember member)
    {
        _members[member.MemberId] = member;
        _records.Add(ConsumerGroupRecords.Member(group.GroupId, member));
    }

    /// <summary>Writes what the member has and where it stands.</summary>
    public void PutCurrent(ConsumerGroupMember member)
    {
        _members[member.MemberId] = member;
        _records.Add(ConsumerGroupRecords.Current(group.GroupId, member));
    }

    public void PutTarget(string memberId, Assignment target)
    {
        _targets[memberId] = target;
        _records.Add(ConsumerGroupRecords.Target(group.GroupId, memberId, target));
    }

    public void RemoveMember(string memberId)
    {
        _members[memberId] = null;
        ConsumerGroupRecords.AddMemberTombstones(_records, group.GroupId, memberId);
    }

    /// <summary>Matches the patterns that members subscribe by again where the metadata has moved on, and forgets those that nobody uses.</summary>
    /// <returns>Whether any pattern matches other topics than before.</returns>
    public bool ResolvePatterns()
    {
        var used = Members().Select(member => member.SubscribedTopicRegex).OfType<string>().ToHashSet();
        var changed = false;
        foreach (var pattern in used)
        {
            var known = group.Patterns.GetValueOrDefault(pattern);
            if (known is not null && known.Version >= topics.Version)
                continue;

            var resolved = new ResolvedPattern(SubscriptionPattern.Match(pattern, topics), topics.Version, nowMs);
            if (known is not null && known.Topics.SetEquals(resolved.Topics))
                continue;

            changed |= known is not null || !resolved.Topics.IsEmpty;
            _patterns[pattern] = resolved;
            _records.Add(ConsumerGroupRecords.Pattern(group.GroupId, pattern, resolved));
        }

        foreach (var pattern in group.Patterns.Keys.Where(pattern => !used.Contains(pattern)))
            _records.Add(ConsumerGroupRecords.PatternTombstone(group.GroupId, pattern));
        return changed;
    }

    /// <summary>The ids of the topics that <paramref name="member"/> subscribes to, as far as they exist.</summary>
    public HashSet<Uuid> TopicIdsOf(ConsumerGroupMember member) =>
        TopicsOf(member).Where(name => topics.TryGet(name, out _)).Select(name => topics.TryGet(name, out var topic) ? topic.Id : default).ToHashSet();

    /// <summary>The hash of all topics that the members subscribe to.</summary>
    public long HashTopics() => TopicsHash.Of(Members().Aggregate(ImmutableSortedSet.Create<string>(StringComparer.Ordinal), (all, member) => all.Union(TopicsOf(member))), topics);

    /// <summary>Raises the epoch: a new target assignment is due.</summary>
    public void BumpEpoch(long topicsHash)
    {
        GroupEpoch++;
        _records.Add(ConsumerGroupRecords.Group(group.GroupId, GroupEpoch, topicsHash));
    }

    /// <summary>Makes the target assignment for the group's epoch and writes the part of it that differs.</summary>
    public void Assign()
    {
        var members = Members().ToDictionary(member => member.MemberId);
        var specification = members.ToDictionary(member => member.Key, member => new MemberSubscription(
            member.Value.InstanceId,
            member.Value.RackId,
            TopicIdsOf(member.Value),
            TargetOf(member.Key)));
        var assigned = PreferredAssignor(members.Values).Assign(specification, id => topics.TryGet(id, out var topic) ? topic.PartitionCount : 0);
        foreach (var memberId in assigned.Keys.Order(StringComparer.Ordinal))
            if (!assigned[memberId].Equals(TargetOf(memberId)) || !IsTargetWritten(memberId))
                PutTarget(memberId, assigned[memberId]);
        TargetEpoch = GroupEpoch;
        _records.Add(ConsumerGroupRecords.TargetEpoch(group.GroupId, TargetEpoch, nowMs));
    }

    /// <summary>The assignor that most members ask for; the default where none asks.</summary>
    private IConsumerGroupPartitionAssignor PreferredAssignor(IEnumerable<ConsumerGroupMember> members) =>
        members.Select(member => member.ServerAssignorName).OfType<string>().GroupBy(name => name)
            .OrderByDescending(votes => votes.Count()).ThenBy(votes => votes.Key, StringComparer.Ordinal)
            .Select(votes => config.FindAssignor(votes.Key)).FirstOrDefault(assignor => assignor is not null) ?? config.Assignors[0];

    private bool IsTargetWritten(string memberId) => _targets.ContainsKey(memberId) || group.Members.ContainsKey(memberId);

    private ImmutableSortedSet<string> TopicsOf(ConsumerGroupMember member) =>
        member.SubscribedTopicRegex is { } pattern && (_patterns.GetValueOrDefault(pattern) ?? group.Patterns.GetValueOrDefault(pattern)) is { } resolved
            ? member.SubscribedTopicNames.Union(resolved.Topics)
            : member.SubscribedTopicNames;

    private IEnumerable<ConsumerGroupMember> Members() =>
        group.Members.Values.Where(member => !_members.ContainsKey(member.MemberId)).Concat(_members.Values.OfType<ConsumerGroupMember>());
}
