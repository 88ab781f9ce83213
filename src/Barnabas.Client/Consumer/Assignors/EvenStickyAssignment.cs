using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>
/// When all members read the same topics, each gets the quotient of partitions by members, and as many as the remainder
/// says get one more. Members keep what they have up to that; the rest is dealt in turn to those who lack.
/// </summary>
internal sealed partial class EvenStickyAssignment
{
    private readonly IReadOnlyDictionary<string, int> _partitionCounts;
    private readonly List<string> _order;
    private readonly PreviousOwners _previous;
    private readonly RackMatching _racks;
    private readonly int _smallShare;
    private readonly int _largeShare;
    private readonly int _largeSharesToGive;
    private readonly Dictionary<string, List<TopicPartition>> _assignment = [];
    private readonly Dictionary<TopicPartition, string> _givenUp = [];
    private readonly List<string> _belowSmallShare = [];
    private readonly List<string> _atSmallShare = [];
    private int _largeShares;

    public EvenStickyAssignment(IReadOnlyDictionary<string, int> partitionCounts, List<string> order, PreviousOwners previous, RackMatching racks)
    {
        _partitionCounts = partitionCounts;
        _order = order;
        _previous = previous;
        _racks = racks;
        var total = partitionCounts.Values.Sum();
        _smallShare = total / order.Count;
        _largeSharesToGive = total % order.Count;
        _largeShare = _smallShare + (_largeSharesToGive > 0 ? 1 : 0);
    }

    /// <summary>Partitions that go from one member to another, with the new one.</summary>
    public Dictionary<TopicPartition, string> Transferring { get; } = [];

    public Dictionary<string, List<TopicPartition>> Build()
    {
        var kept = new HashSet<TopicPartition>();
        foreach (var member in _order) Keep(member, kept);
        _belowSmallShare.Sort(StringComparer.Ordinal);
        _atSmallShare.Sort(StringComparer.Ordinal);
        var unassigned = Unassigned(kept);
        if (_racks.IsInUse) unassigned = DealWithinRacks([.. unassigned.OrderBy(_racks.MemberCount)]);
        Deal(unassigned);
        return _assignment;
    }

    private void Keep(string member, HashSet<TopicPartition> kept)
    {
        foreach (var partition in _previous.Owned[member])
        {
            if (_racks.Mismatch(member, partition)) _givenUp[partition] = member;
        }

        var owned = _previous.Owned[member]
            .Where(partition => !_previous.Contested.Contains(partition) && !_racks.Mismatch(member, partition))
            .OrderBy(partition => partition.Partition)
            .ThenBy(partition => partition.Topic, StringComparer.Ordinal)
            .ToList();
        int share;
        if (owned.Count < _smallShare)
        {
            share = owned.Count;
            _belowSmallShare.Add(member);
        }
        else if (owned.Count >= _largeShare && _largeShares < _largeSharesToGive)
        {
            share = _largeShare;
            if (++_largeShares == _largeSharesToGive) _atSmallShare.Clear();
        }
        else
        {
            share = _smallShare;
            if (_largeShares < _largeSharesToGive) _atSmallShare.Add(member);
        }

        _assignment[member] = owned[..share];
        kept.UnionWith(owned[..share]);
        foreach (var partition in owned[share..]) _givenUp[partition] = member;
    }

    private List<TopicPartition> Unassigned(HashSet<TopicPartition> kept)
    {
        var unassigned = new List<TopicPartition>();
        foreach (var (topic, count) in _partitionCounts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            for (var number = 0; number < count; number++)
            {
                if (!kept.Contains(new TopicPartition(topic, number))) unassigned.Add(new TopicPartition(topic, number));
            }
        }

        return unassigned;
    }

    private void Deal(List<TopicPartition> unassigned)
    {
        var next = 0;
        foreach (var partition in unassigned)
        {
            string member;
            var fromBelow = _belowSmallShare.Count > 0;
            if (fromBelow)
            {
                if (next >= _belowSmallShare.Count) next = 0;
                member = _belowSmallShare[next];
            }
            else
            {
                member = _atSmallShare[0];
                _atSmallShare.RemoveAt(0);
            }

            Give(partition, member);
            if (!fromBelow) continue;
            if (_assignment[member].Count == _smallShare)
            {
                // Full, unless it is one of those that get one more.
                _belowSmallShare.RemoveAt(next);
                _atSmallShare.Add(member);
            }
            else
            {
                next++;
            }
        }
    }

    private void Give(TopicPartition partition, string member)
    {
        _assignment[member].Add(partition);
        if ((_givenUp.TryGetValue(partition, out var before) && before != member) || _previous.Contested.Contains(partition)) Transferring[partition] = member;
    }
}
