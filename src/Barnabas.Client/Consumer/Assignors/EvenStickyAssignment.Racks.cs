using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

internal sealed partial class EvenStickyAssignment
{
    // In turn to members in a rack of the partition who lack; what finds none is left for the others.
    private List<TopicPartition> DealWithinRacks(List<TopicPartition> unassigned)
    {
        var left = new List<TopicPartition>();
        var next = 0;
        foreach (var partition in unassigned)
        {
            var member = FromBelow(partition, ref next) ?? FromSmallShare(partition);
            if (member is null) left.Add(partition);
            else Give(partition, member);
        }

        return left;
    }

    private string? FromBelow(TopicPartition partition, ref int next)
    {
        var index = _racks.NextMember(partition, _belowSmallShare, next);
        if (index < 0) return null;
        var member = _belowSmallShare[index];
        var count = _assignment[member].Count + 1;
        if (count < _smallShare)
        {
            index++;
        }
        else
        {
            _belowSmallShare.RemoveAt(index);
            if (count < _largeShare && _largeShares < _largeSharesToGive) _atSmallShare.Add(member);
        }

        next = _belowSmallShare.Count == 0 ? 0 : index % _belowSmallShare.Count;
        return member;
    }

    private string? FromSmallShare(TopicPartition partition)
    {
        var index = _racks.NextMember(partition, _atSmallShare, 0);
        if (index < 0) return null;
        var member = _atSmallShare[index];
        if (_assignment[member].Count + 1 == _largeShare)
        {
            _atSmallShare.RemoveAt(index);
            if (++_largeShares == _largeSharesToGive) _atSmallShare.Clear();
        }

        return member;
    }
}
