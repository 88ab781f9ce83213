using Barnabas.Client.Consumer.Assignors;
using Barnabas.Client.Groups;
using Barnabas.Client.Metadata;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership;

// What this member says when it joins, and what it assigns when it leads.
internal sealed partial class GroupMembership
{
    string IClassicGroup.ProtocolType => ConsumerProtocol.ProtocolType;

    IReadOnlyList<KeyValuePair<string, byte[]>> IClassicGroup.Protocols(Generation current) =>
        [.. _assignors.Select(assignor => KeyValuePair.Create(assignor.Name, SubscriptionBytes(assignor, _subscribedAtJoin, _ownedAtJoin, current.Id)))];

    void IClassicGroup.OnFollowing()
    {
        _groupTopics = [];
        _partitionsAtAssignment = [];
        _racksAtAssignment = [];
    }

    private byte[] SubscriptionBytes(IPartitionAssignor assignor, IReadOnlyCollection<string> topics, List<TopicPartition> owned, int generation)
    {
        var subscription = new ConsumerProtocolSubscription
        {
            Topics = [.. topics.Order(StringComparer.Ordinal)],
            UserData = assignor.UserData(topics),
            GenerationId = generation,
            RackId = _options.ClientRack.Length == 0 ? null : _options.ClientRack,
        };
        foreach (var topic in owned.GroupBy(partition => partition.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal))
            subscription.OwnedPartitions.Add(new ConsumerProtocolSubscription.TopicPartition { Topic = topic.Key, Partitions = [.. topic.Select(partition => partition.Partition).Order()] });
        return ConsumerProtocol.Write(subscription);
    }

    // The leader decides who reads what.
    async ValueTask<IReadOnlyDictionary<string, byte[]>> IClassicGroup.AssignAsync(JoinGroupResponse joined, CancellationToken cancellationToken)
    {
        var assignor = _assignors.First(candidate => candidate.Name == joined.ProtocolName);
        var members = new Dictionary<string, MemberSubscription>(StringComparer.Ordinal);
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in joined.Members)
        {
            var subscription = MemberSubscription.Read(ConsumerProtocol.ReadSubscription(member.Metadata), member.GroupInstanceId);
            members[member.MemberId] = subscription;
            topics.UnionWith(subscription.Topics);
        }

        _groupTopics = topics;
        _context.Cluster.Metadata.Pin(TrackedTopics());
        var snapshot = _context.Cluster.Metadata.Current;
        if (topics.Any(topic => !snapshot.Topics.ContainsKey(topic))) snapshot = await _context.Cluster.Metadata.RefreshAsync(cancellationToken);
        var partitions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            if (snapshot.Topics.TryGetValue(topic, out var known)) partitions[topic] = known.Partitions.Count;
        }

        _partitionsAtAssignment = partitions;
        _racksAtAssignment = Racks(snapshot, topics);
        return assignor.Assign(partitions, _racksAtAssignment, members).ToDictionary(entry => entry.Key, entry => ConsumerProtocol.Write(entry.Value));
    }

    // Replicas that are not in sync count as well: they are likely to be again soon (KIP-881).
    private static Dictionary<TopicPartition, IReadOnlySet<string>> Racks(ClusterSnapshot snapshot, IEnumerable<string> topics)
    {
        var racks = new Dictionary<TopicPartition, IReadOnlySet<string>>();
        foreach (var topic in topics)
        {
            if (!snapshot.Topics.TryGetValue(topic, out var known)) continue;
            foreach (var partition in known.Partitions)
                racks[new TopicPartition(topic, partition.Partition)] = partition.Replicas.Select(id => snapshot.Nodes.TryGetValue(id, out var node) ? node.Rack : null).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }

        return racks;
    }
}
