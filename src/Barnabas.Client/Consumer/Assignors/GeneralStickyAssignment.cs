using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>
/// When members read different topics: keeps what is still valid, gives every free partition to the member with the
/// fewest, and then moves partitions one by one while that makes the shares more even.
/// </summary>
internal sealed partial class GeneralStickyAssignment
{
    private readonly IReadOnlyDictionary<string, int> _partitionCounts;
    private readonly IReadOnlyDictionary<string, MemberSubscription> _members;
    private readonly IReadOnlyDictionary<TopicPartition, (string Member, int Generation)> _olderOwners;
    private readonly Dictionary<string, List<string>> _readersOf = [];
    private readonly Dictionary<string, List<string>> _topicsOf = [];
    private readonly Dictionary<TopicPartition, string> _owner = [];
    private readonly PartitionMovements _movements = new();
    private readonly RackMatching _racks;
    private readonly SortedSet<string> _byLoad;
    private Dictionary<string, List<TopicPartition>> _assignment;
    private bool _mustRevoke;

    public GeneralStickyAssignment(
        IReadOnlyDictionary<string, int> partitionCounts,
        List<string> order,
        IReadOnlyDictionary<string, MemberSubscription> members,
        PreviousOwners previous,
        IReadOnlyDictionary<TopicPartition, (string Member, int Generation)> olderOwners,
        RackMatching racks)
    {
        _racks = racks;
        _partitionCounts = partitionCounts;
        _members = members;
        _olderOwners = olderOwners;
        _assignment = previous.Owned;
        foreach (var topic in partitionCounts.Keys) _readersOf[topic] = [];
        foreach (var member in order)
        {
            _topicsOf[member] = [.. members[member].Topics.Where(partitionCounts.ContainsKey)];
            foreach (var topic in _topicsOf[member]) _readersOf[topic].Add(member);
            foreach (var partition in _assignment[member]) _owner[partition] = member;
        }

        _byLoad = new SortedSet<string>(Comparer<string>.Create((left, right) =>
        {
            var difference = _assignment[left].Count - _assignment[right].Count;
            return difference != 0 ? difference : string.CompareOrdinal(left, right);
        }));
    }

    public Dictionary<string, List<TopicPartition>> Build()
    {
        var kept = Keep();
        var all = AllPartitions();
        var unassigned = all.FindAll(partition => !kept.Contains(partition));
        foreach (var member in _assignment.Keys) _byLoad.Add(member);
        Balance(all, unassigned);
        return _assignment;
    }

    // Takes out what no longer exists or is no longer wanted.
    private HashSet<TopicPartition> Keep()
    {
        var kept = new HashSet<TopicPartition>();
        foreach (var (member, partitions) in _assignment)
        {
            partitions.RemoveAll(partition =>
            {
                if (!_readersOf.ContainsKey(partition.Topic))
                {
                    _owner.Remove(partition);
                    return true;
                }

                if (_members[member].Topics.Contains(partition.Topic) && !_racks.Mismatch(member, partition)) return false;
                _mustRevoke = true;
                return true;
            });
            kept.UnionWith(partitions);
        }

        return kept;
    }

    // Topics with the fewest readers first: theirs have the least choice.
    private List<TopicPartition> AllPartitions()
    {
        var all = new List<TopicPartition>();
        foreach (var topic in _readersOf.Keys.OrderBy(topic => _readersOf[topic].Count).ThenBy(topic => topic, StringComparer.Ordinal))
        {
            for (var number = 0; number < _partitionCounts[topic]; number++) all.Add(new TopicPartition(topic, number));
        }

        return all;
    }

    private void Balance(List<TopicPartition> all, List<TopicPartition> unassigned)
    {
        var isFirst = _assignment[_byLoad.Max!].Count == 0;
        var withinRacks = unassigned.FindAll(partition => _racks.IsInUse && GiveToLeastLoaded(partition, withinRack: true)).ToHashSet();
        foreach (var partition in unassigned)
        {
            if (!withinRacks.Contains(partition)) GiveToLeastLoaded(partition, withinRack: false);
        }


        bool Fixed(TopicPartition partition) => _readersOf[partition.Topic].Count < 2;
        all.RemoveAll(Fixed);
        unassigned.RemoveAll(Fixed);
        var settled = new Dictionary<string, List<TopicPartition>>();
        foreach (var member in _topicsOf.Keys)
        {
            if (CanTakePart(member)) continue;
            _byLoad.Remove(member);
            settled[member] = _assignment[member];
            _assignment.Remove(member);
        }

        var before = _assignment.ToDictionary(entry => entry.Key, entry => new List<TopicPartition>(entry.Value));
        // When nothing must be taken away, try first with what is new.
        if (!_mustRevoke) Move(unassigned);
        var moved = Move(all);
        if (!isFirst && moved && Unevenness(_assignment) >= Unevenness(before)) _assignment = before;
        foreach (var (member, partitions) in settled) _assignment[member] = partitions;
    }

    private bool GiveToLeastLoaded(TopicPartition partition, bool withinRack)
    {
        foreach (var member in _byLoad)
        {
            if (!_topicsOf[member].Contains(partition.Topic) || (withinRack && _racks.Mismatch(member, partition))) continue;
            _byLoad.Remove(member);
            _assignment[member].Add(partition);
            _owner[partition] = member;
            _byLoad.Add(member);
            return true;
        }

        return false;
    }

    private int MostFor(string member) => _topicsOf[member].Sum(topic => _partitionCounts[topic]);

    private bool CanTakePart(string member) =>
        _assignment[member].Count < MostFor(member) || _assignment[member].Exists(partition => _readersOf[partition.Topic].Count >= 2);

    private static int Unevenness(Dictionary<string, List<TopicPartition>> assignment)
    {
        var counts = assignment.Values.Select(partitions => partitions.Count).ToList();
        var score = 0;
        for (var one = 0; one < counts.Count; one++)
        {
            for (var other = one + 1; other < counts.Count; other++) score += Math.Abs(counts[one] - counts[other]);
        }

        return score;
    }
}
