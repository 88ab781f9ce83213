using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>What a member had, and in which generation.</summary>
internal readonly record struct MemberData(IReadOnlyList<TopicPartition> Partitions, int? Generation);

/// <summary>
/// The two sticky assignors: balanced first, and then as little moved as possible. Where all members read the same
/// topics a simple algorithm does; else the general one (KIP-54, KIP-429, KIP-726).
/// </summary>
internal abstract class StickyAssignorBase : IPartitionAssignor
{
    public const int NoGeneration = -1;
    private int _maxGeneration = NoGeneration;

    public abstract string Name { get; }

    public abstract bool SupportsCooperative { get; }

    public abstract ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<string> topics);

    public abstract void OnAssignment(ConsumerProtocolAssignment assignment, int generation);

    public IReadOnlyDictionary<string, ConsumerProtocolAssignment> Assign(
        IReadOnlyDictionary<string, int> partitionCounts, IReadOnlyDictionary<TopicPartition, IReadOnlySet<string>> partitionRacks, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        var order = JavaOrder.Of(members.Keys);
        partitionCounts = partitionCounts.Where(topic => members.Values.Any(member => member.Topics.Contains(topic.Key))).ToDictionary();
        var previous = PreviousOwners.Find(order, partitionCounts, members, DataOf);
        _maxGeneration = Math.Max(_maxGeneration, previous.MaxGeneration);
        var racks = new RackMatching(partitionCounts, partitionRacks, members);
        Dictionary<TopicPartition, string>? transferring = null;
        Dictionary<string, List<TopicPartition>> assignments;
        if (SubscriptionsAreEqual(members))
        {
            var even = new EvenStickyAssignment(partitionCounts, order, previous, racks);
            assignments = even.Build();
            transferring = even.Transferring;
        }
        else
        {
            assignments = new GeneralStickyAssignment(partitionCounts, order, members, previous, OlderOwners(order, members), racks).Build();
        }

        Adjust(assignments, transferring, members);
        return Assignments.ToMessages(assignments);
    }

    protected abstract MemberData DataOf(MemberSubscription member);

    /// <summary>A last change of the outcome; partitions that change hands are given when the algorithm knows them.</summary>
    protected virtual void Adjust(
        Dictionary<string, List<TopicPartition>> assignments, Dictionary<TopicPartition, string>? transferring, IReadOnlyDictionary<string, MemberSubscription> members)
    {
    }

    private static bool SubscriptionsAreEqual(IReadOnlyDictionary<string, MemberSubscription> members)
    {
        HashSet<string>? first = null;
        foreach (var member in members.Values)
        {
            if (first is null) first = [.. member.Topics];
            else if (first.Count != member.Topics.Count || !member.Topics.All(first.Contains)) return false;
        }

        return true;
    }

    // Who had a partition in an older generation: the second choice when it moves.
    private Dictionary<TopicPartition, (string Member, int Generation)> OlderOwners(List<string> order, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        var older = new Dictionary<TopicPartition, (string Member, int Generation)>();
        foreach (var member in order)
        {
            var data = DataOf(members[member]);
            var generation = data.Generation ?? NoGeneration;
            if (data.Generation is null ? _maxGeneration <= NoGeneration : generation >= _maxGeneration) continue;
            foreach (var partition in data.Partitions)
            {
                if (!older.TryGetValue(partition, out var known) || generation > known.Generation) older[partition] = (member, generation);
            }
        }

        return older;
    }
}
