using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>
/// Which members stand in a rack with a replica of a partition (KIP-881). Not in use when no member names a rack, when
/// none of those racks has a replica, or when every partition has one in all of them: then every choice is as good.
/// </summary>
internal sealed class RackMatching
{
    private static readonly HashSet<string> None = [];

    private readonly Dictionary<string, string> _memberRacks = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<TopicPartition, IReadOnlySet<string>> _partitionRacks;
    private readonly Dictionary<string, int> _membersOfRack = new(StringComparer.Ordinal);

    public RackMatching(
        IReadOnlyDictionary<string, int> partitionCounts, IReadOnlyDictionary<TopicPartition, IReadOnlySet<string>> partitionRacks, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        _partitionRacks = partitionRacks;
        foreach (var (member, subscription) in members)
        {
            if (subscription.RackId is not { } rack) continue;
            _memberRacks[member] = rack;
            _membersOfRack[rack] = _membersOfRack.GetValueOrDefault(rack) + 1;
        }

        var partitions = partitionCounts.SelectMany(static topic => Enumerable.Range(0, topic.Value).Select(number => new TopicPartition(topic.Key, number)));
        IsInUse = Matters(_memberRacks.Values, partitions.Select(RacksOf));
        if (!IsInUse) _memberRacks.Clear();
    }

    public bool IsInUse { get; }

    public static bool Matters(IReadOnlyCollection<string> memberRacks, IEnumerable<IReadOnlySet<string>> partitionRacks)
    {
        if (memberRacks.Count == 0) return false;
        var each = partitionRacks.ToList();
        var all = each.SelectMany(static racks => racks).ToHashSet(StringComparer.Ordinal);
        return memberRacks.Any(all.Contains) && !each.TrueForAll(all.SetEquals);
    }

    /// <summary>Whether a member names a rack where the partition has no replica.</summary>
    public bool Mismatch(string member, TopicPartition partition) => _memberRacks.TryGetValue(member, out var rack) && !RacksOf(partition).Contains(rack);

    /// <summary>How many members stand in racks of the partition: those with the least choice come first.</summary>
    public int MemberCount(TopicPartition partition) => IsInUse ? RacksOf(partition).Sum(rack => _membersOfRack.GetValueOrDefault(rack)) : 0;

    /// <summary>The index of the next member in a rack of the partition, going round from an index; -1 for none.</summary>
    public int NextMember(TopicPartition partition, List<string> members, int first)
    {
        var racks = RacksOf(partition);
        for (var step = 0; step < members.Count; step++)
        {
            var index = (first + step) % members.Count;
            if (_memberRacks.TryGetValue(members[index], out var rack) && racks.Contains(rack)) return index;
        }

        return -1;
    }

    private IReadOnlySet<string> RacksOf(TopicPartition partition) => _partitionRacks.TryGetValue(partition, out var racks) ? racks : None;
}
