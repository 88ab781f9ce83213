using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

internal sealed partial class GeneralStickyAssignment
{
    private bool Move(List<TopicPartition> candidates)
    {
        var movedAny = false;
        bool moved;
        do
        {
            moved = false;
            foreach (var partition in candidates)
            {
                if (IsBalanced()) break;
                if (_owner.TryGetValue(partition, out var owner) && TryMove(partition, owner)) moved = movedAny = true;
            }
        }
        while (moved);

        return movedAny;
    }

    private bool TryMove(TopicPartition partition, string owner)
    {
        var load = _assignment[owner].Count;
        if (_olderOwners.TryGetValue(partition, out var older) && _assignment.TryGetValue(older.Member, out var olderLoad) && load > olderLoad.Count + 1)
        {
            MoveTo(partition, owner, older.Member);
            return true;
        }

        foreach (var reader in _readersOf[partition.Topic])
        {
            if (load <= _assignment[reader].Count + 1) continue;
            MoveTo(partition, owner, _byLoad.First(member => _topicsOf[member].Contains(partition.Topic)));
            return true;
        }

        return false;
    }

    private void MoveTo(TopicPartition wanted, string from, string to)
    {
        var partition = _movements.Choose(wanted, from, to);
        var owner = _owner[partition];
        _byLoad.Remove(owner);
        _byLoad.Remove(to);
        _movements.Record(partition, owner, to);
        _assignment[owner].Remove(partition);
        _assignment[to].Add(partition);
        _owner[partition] = to;
        _byLoad.Add(to);
        _byLoad.Add(owner);
    }

    private bool IsBalanced()
    {
        if (_assignment[_byLoad.Min!].Count >= _assignment[_byLoad.Max!].Count - 1) return true;
        var owner = new Dictionary<TopicPartition, string>();
        foreach (var (member, partitions) in _assignment)
        {
            foreach (var partition in partitions) owner[partition] = member;
        }

        foreach (var member in _byLoad)
        {
            var load = _assignment[member].Count;
            if (load == MostFor(member)) continue;
            foreach (var topic in _topicsOf[member])
            {
                for (var number = 0; number < _partitionCounts[topic]; number++)
                {
                    if (owner.TryGetValue(new TopicPartition(topic, number), out var other) && other != member && load + 1 < _assignment[other].Count) return false;
                }
            }
        }

        return true;
    }
}
