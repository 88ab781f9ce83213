using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>Small things that all assignors need.</summary>
internal static class Assignments
{
    /// <summary>Static members by their instance id first, then the others by member id, as Kafka sorts them.</summary>
    public static List<string> SortedMembers(IReadOnlyDictionary<string, MemberSubscription> members, Func<MemberSubscription, bool> wanted)
    {
        var sorted = members.Where(member => wanted(member.Value)).Select(member => (Id: member.Key, member.Value.GroupInstanceId)).ToList();
        sorted.Sort(static (left, right) => (left.GroupInstanceId, right.GroupInstanceId) switch
        {
            ({ } one, { } other) => string.CompareOrdinal(one, other),
            ({ }, null) => -1,
            (null, { }) => 1,
            _ => string.CompareOrdinal(left.Id, right.Id),
        });
        return sorted.ConvertAll(static member => member.Id);
    }

    public static IReadOnlyDictionary<string, ConsumerProtocolAssignment> ToMessages(IReadOnlyDictionary<string, List<TopicPartition>> assignments) =>
        assignments.ToDictionary(member => member.Key, member => ToMessage(member.Value), StringComparer.Ordinal);

    public static ConsumerProtocolAssignment ToMessage(List<TopicPartition> partitions)
    {
        var message = new ConsumerProtocolAssignment();
        foreach (var topic in partitions.GroupBy(partition => partition.Topic))
            message.AssignedPartitions.Add(new ConsumerProtocolAssignment.TopicPartition { Topic = topic.Key, Partitions = [.. topic.Select(partition => partition.Partition)] });
        return message;
    }
}
