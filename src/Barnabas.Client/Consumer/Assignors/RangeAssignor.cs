using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>Topic by topic: a run of neighbouring partitions for each member, the first members getting one more where it does not divide.</summary>
internal sealed class RangeAssignor : IPartitionAssignor
{
    public string Name => "range";

    public bool SupportsCooperative => false;

    public ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<string> topics) => null;

    public void OnAssignment(ConsumerProtocolAssignment assignment, int generation)
    {
    }

    public IReadOnlyDictionary<string, ConsumerProtocolAssignment> Assign(
        IReadOnlyDictionary<string, int> partitionCounts, IReadOnlyDictionary<TopicPartition, IReadOnlySet<string>> partitionRacks, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        var assignments = members.Keys.ToDictionary(member => member, _ => new List<TopicPartition>());
        var topics = partitionCounts
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new RangeTopic(entry.Key, entry.Value, partitionRacks, members, Assignments.SortedMembers(members, member => member.Topics.Contains(entry.Key)), assignments))
            .Where(topic => topic.Readers.Count > 0)
            .ToList();
        if (topics.Exists(topic => topic.NeedsRackMatching)) AssignWithinRacks(topics);
        foreach (var topic in topics) topic.AssignRanges(withinRacks: false);
        return Assignments.ToMessages(assignments.ToDictionary(entry => entry.Key, entry => entry.Value.OrderBy(one => one.Topic, StringComparer.Ordinal).ThenBy(one => one.Partition).ToList()));
    }

    // Topics with the same readers and the same number of partitions stay together: a reader gets the same numbers of all of them, or none.
    private static void AssignWithinRacks(List<RangeTopic> topics)
    {
        foreach (var together in topics.GroupBy(topic => (string.Join('\0', topic.Readers), topic.RackedPartitionCount)).Select(group => group.ToList()))
        {
            if (together.Count > 1) AssignTogether(together, together[0].RackedPartitionCount);
            else if (together[0].NeedsRackMatching) together[0].AssignRanges(withinRacks: true);
        }
    }

    private static void AssignTogether(List<RangeTopic> topics, int partitionCount)
    {
        var remaining = new List<string>(topics[0].Readers);
        for (var number = 0; number < partitionCount && remaining.Count > 0; number++)
        {
            var reader = remaining.Find(candidate => topics.TrueForAll(topic => topic.Matches(candidate, number) && topic.RoomOf(candidate) > 0));
            if (reader is null) continue;
            foreach (var topic in topics) topic.Assign(reader, number);
            if (topics.TrueForAll(topic => topic.RoomOf(reader) == 0)) remaining.Remove(reader);
        }
    }
}
