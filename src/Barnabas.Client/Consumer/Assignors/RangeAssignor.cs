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

    public IReadOnlyDictionary<string, ConsumerProtocolAssignment> Assign(IReadOnlyDictionary<string, int> partitionCounts, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        var assignments = members.Keys.ToDictionary(member => member, _ => new List<TopicPartition>());
        foreach (var (topic, count) in partitionCounts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var readers = Assignments.SortedMembers(members, member => member.Topics.Contains(topic));
            var partition = 0;
            for (var index = 0; index < readers.Count; index++)
            {
                var share = count / readers.Count + (index < count % readers.Count ? 1 : 0);
                for (var end = partition + share; partition < end; partition++) assignments[readers[index]].Add(new TopicPartition(topic, partition));
            }
        }

        return Assignments.ToMessages(assignments);
    }
}
