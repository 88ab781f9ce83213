using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer.Assignors;

/// <summary>What an assignor knows of a member.</summary>
/// <param name="InstanceId">group.instance.id, or null.</param>
/// <param name="RackId">client.rack, or null.</param>
/// <param name="TopicIds">The topics it subscribes to; all of them exist.</param>
/// <param name="Current">Its target assignment so far.</param>
internal sealed record MemberSubscription(string? InstanceId, string? RackId, IReadOnlySet<Uuid> TopicIds, Assignment Current)
{
    /// <summary>Static members first, by instance id, so that they keep their place over a restart; then the others by member id.</summary>
    public static List<string> Order(IReadOnlyDictionary<string, MemberSubscription> members) =>
        [.. members.OrderBy(member => member.Value.InstanceId is null)
            .ThenBy(member => member.Value.InstanceId ?? member.Key, StringComparer.Ordinal)
            .Select(member => member.Key)];
}
