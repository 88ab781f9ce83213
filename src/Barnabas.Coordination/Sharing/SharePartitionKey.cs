using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Sharing;

/// <summary>One partition as one share group reads it.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="TopicId">The topic.</param>
/// <param name="Partition">The partition's index.</param>
public readonly record struct SharePartitionKey(string GroupId, Uuid TopicId, int Partition)
{
    /// <summary>Reads a key as FindCoordinator carries it: <c>group:topicId:partition</c>, where the group may have colons of its own.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SharePartitionKey? key)
    {
        key = null;
        var partitionAt = text.LastIndexOf(':');
        var topicAt = partitionAt <= 0 ? -1 : text.LastIndexOf(':', partitionAt - 1);
        if (topicAt <= 0
            || !Uuid.TryParse(text[(topicAt + 1)..partitionAt], out var topicId)
            || !int.TryParse(text.AsSpan(partitionAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var partition))
        {
            return false;
        }

        key = new SharePartitionKey(text[..topicAt], topicId, partition);
        return true;
    }

    /// <summary>The key as FindCoordinator carries it; its hash says which partition of the state topic is responsible.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{GroupId}:{TopicId}:{Partition}");
}
