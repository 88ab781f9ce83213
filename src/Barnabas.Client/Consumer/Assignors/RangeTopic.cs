using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>One topic in the course of a range assignment: who reads it, what is still to be given, and how much each may still get.</summary>
internal sealed class RangeTopic
{
    private readonly string _topic;
    private readonly Dictionary<string, string?> _rackOf;
    private readonly Dictionary<string, List<TopicPartition>> _assignments;
    private readonly Dictionary<string, int> _given;
    private readonly IReadOnlySet<string>[] _racks;
    private readonly List<int> _unassigned;
    private readonly int _share;
    private int _largerSharesLeft;

    public RangeTopic(
        string topic,
        int partitionCount,
        IReadOnlyDictionary<TopicPartition, IReadOnlySet<string>> partitionRacks,
        IReadOnlyDictionary<string, MemberSubscription> members,
        List<string> readers,
        Dictionary<string, List<TopicPartition>> assignments)
    {
        _topic = topic;
        Readers = readers;
        _assignments = assignments;
        _rackOf = readers.ToDictionary(reader => reader, reader => members[reader].RackId);
        _given = readers.ToDictionary(reader => reader, _ => 0);
        _unassigned = [.. Enumerable.Range(0, partitionCount)];
        _share = readers.Count == 0 ? 0 : partitionCount / readers.Count;
        _largerSharesLeft = readers.Count == 0 ? 0 : partitionCount % readers.Count;
        var racks = _rackOf.Values.OfType<string>().ToHashSet(StringComparer.Ordinal);
        _racks = racks.Count == 0 ? [] : [.. _unassigned.Select(number => partitionRacks.TryGetValue(new TopicPartition(topic, number), out var found) ? found : new HashSet<string>())];
        NeedsRackMatching = RackMatching.Matters(racks, _racks);
    }

    /// <summary>In the order in which they get their ranges.</summary>
    public List<string> Readers { get; }

    public bool NeedsRackMatching { get; }

    /// <summary>How many partitions have racks to match: none when no reader names one.</summary>
    public int RackedPartitionCount => _racks.Length;

    /// <summary>How many partitions a reader may still get.</summary>
    public int RoomOf(string reader) => Math.Max(0, _share + (_largerSharesLeft > 0 ? 1 : 0) - _given[reader]);

    /// <summary>Whether a partition has a replica in the reader's rack, if it names one.</summary>
    public bool Matches(string reader, int number) => _rackOf[reader] is not { } rack || (number < _racks.Length && _racks[number].Contains(rack));

    public void AssignRanges(bool withinRacks)
    {
        foreach (var reader in Readers)
        {
            var numbers = _unassigned.Where(number => !withinRacks || Matches(reader, number)).Take(RoomOf(reader)).ToList();
            if (numbers.Count > 0) Give(reader, numbers);
        }
    }

    /// <summary>Gives one partition to a reader.</summary>
    public void Assign(string reader, int number) => Give(reader, [number]);

    private void Give(string reader, List<int> numbers)
    {
        foreach (var number in numbers)
        {
            _unassigned.Remove(number);
            _assignments[reader].Add(new TopicPartition(_topic, number));
        }

        if ((_given[reader] += numbers.Count) > _share) _largerSharesLeft--;
    }
}
