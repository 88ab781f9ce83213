using System.Collections.Immutable;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>
/// What a group's topics were when its epoch was last raised, in one number: it changes when a topic appears, goes, is
/// made anew or grows. Another coordinator that hashes differently raises the epoch once, which moves no partition.
/// </summary>
internal static class TopicsHash
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The hash of these topics; 0 where none of them exists.</summary>
    public static long Of(ImmutableSortedSet<string> names, IGroupTopics topics)
    {
        var hash = OffsetBasis;
        var any = false;
        foreach (var name in names)
        {
            if (!topics.TryGet(name, out var topic))
                continue;

            any = true;
            foreach (var character in name)
                hash = (hash ^ character) * Prime;
            hash = (hash ^ (ulong)topic.Id.High) * Prime;
            hash = (hash ^ (ulong)topic.Id.Low) * Prime;
            hash = (hash ^ (uint)topic.PartitionCount) * Prime;
        }

        return any ? (long)hash : 0;
    }
}
