using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership.ServerSide;

/// <summary>
/// Partitions by topic id. The local epoch tells two assignments apart that name the same partitions, so that each one
/// that came is acknowledged. Immutable.
/// </summary>
internal sealed record LocalAssignment(long LocalEpoch, IReadOnlyDictionary<Uuid, IReadOnlySet<int>> Partitions)
{
    private const long NoEpoch = -1;

    public static LocalAssignment None { get; } = new(NoEpoch, new Dictionary<Uuid, IReadOnlySet<int>>());

    public int Count => Partitions.Values.Sum(static numbers => numbers.Count);

    public static Dictionary<Uuid, IReadOnlySet<int>> Read(ConsumerGroupHeartbeatResponse.AssignmentData assignment)
    {
        var partitions = new Dictionary<Uuid, IReadOnlySet<int>>();
        foreach (var topic in assignment.TopicPartitions) partitions[topic.TopicId] = topic.Partitions.ToHashSet();
        return partitions;
    }

    /// <summary>The next target; the same one when it names the same partitions.</summary>
    public LocalAssignment UpdatedWith(IReadOnlyDictionary<Uuid, IReadOnlySet<int>> partitions) =>
        LocalEpoch != NoEpoch && Names(partitions) ? this : new LocalAssignment(LocalEpoch + 1, partitions);

    public bool Names(IReadOnlyDictionary<Uuid, IReadOnlySet<int>> partitions)
    {
        if (partitions.Count != Partitions.Count) return false;
        foreach (var (topic, numbers) in partitions)
        {
            if (!Partitions.TryGetValue(topic, out var mine) || !mine.SetEquals(numbers)) return false;
        }

        return true;
    }

    public bool Equals(LocalAssignment? other) => other is not null && LocalEpoch == other.LocalEpoch && Names(other.Partitions);

    public override int GetHashCode() => LocalEpoch.GetHashCode();
}
