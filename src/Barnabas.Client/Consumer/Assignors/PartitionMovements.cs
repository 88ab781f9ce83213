using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>
/// The moves of one assignment. When a partition is to go the way that another one of the topic came, the other one
/// goes back instead, so that no two members swap partitions of a topic.
/// </summary>
internal sealed class PartitionMovements
{
    private readonly Dictionary<TopicPartition, (string From, string To)> _moves = [];
    private readonly Dictionary<(string Topic, string From, string To), List<TopicPartition>> _byWay = [];

    public TopicPartition Choose(TopicPartition partition, string from, string to)
    {
        var origin = _moves.TryGetValue(partition, out var move) ? move.From : from;
        return _byWay.TryGetValue((partition.Topic, to, origin), out var reverse) ? reverse[0] : partition;
    }

    public void Record(TopicPartition partition, string from, string to)
    {
        if (_moves.Remove(partition, out var before))
        {
            var way = (partition.Topic, before.From, before.To);
            _byWay[way].Remove(partition);
            if (_byWay[way].Count == 0) _byWay.Remove(way);
            if (before.From == to) return;
            from = before.From;
        }

        _moves[partition] = (from, to);
        if (!_byWay.TryGetValue((partition.Topic, from, to), out var partitions)) _byWay[(partition.Topic, from, to)] = partitions = [];
        partitions.Add(partition);
    }
}
