using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>All partitions of all topics in order, dealt to the members in order; who does not read a topic is passed over.</summary>
internal sealed class RoundRobinAssignor : IPartitionAssignor
{
    public string Name => "roundrobin";

    public bool SupportsCooperative => false;

    public ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<string> topics) => null;

    public void OnAssignment(ConsumerProtocolAssignment assignment, int generation)
    {
    }

    public IReadOnlyDictionary<string, ConsumerProtocolAssignment> Assign(
        IReadOnlyDictionary<string, int> partitionCounts, IReadOnlyDictionary<TopicPartition, IReadOnlySet<string>> partitionRacks, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        var assignments = members.Keys.ToDictionary(member => member, _ => new List<TopicPartition>());
        var sorted = Assignments.SortedMembers(members, _ => true);
        var next = 0;
        foreach (var (topic, count) in partitionCounts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!members.Values.Any(member => member.Topics.Contains(topic))) continue;
            for (var partition = 0; partition < count; partition++)
            {
                while (!members[sorted[next]].Topics.Contains(topic)) next = (next + 1) % sorted.Count;
                assignments[sorted[next]].Add(new TopicPartition(topic, partition));
                next = (next + 1) % sorted.Count;
            }
        }

        return Assignments.ToMessages(assignments);
    }
}
