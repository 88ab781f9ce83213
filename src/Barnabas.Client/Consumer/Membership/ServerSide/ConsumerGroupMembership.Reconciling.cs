using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Membership.ServerSide;

// Brings what is read to what the coordinator wants to be read: revoke first, then assign, then acknowledge.
internal sealed partial class ConsumerGroupMembership
{
    private async ValueTask ReconcileAsync(CancellationToken cancellationToken)
    {
        LocalAssignment target, current;
        int incarnation;
        lock (_gate) (target, current, incarnation) = (_member.Target, _member.Current, _member.Incarnation);
        _topicIds.KeepOnly(target.Partitions.Keys);
        var resolved = Resolve(target, out var assigned);
        // Nothing to do until more names are known, unless this much is not acknowledged yet.
        if (resolved.Count < target.Partitions.Count && current.Names(resolved) && current.LocalEpoch == target.LocalEpoch) return;

        await AutoCommitter.CommitBeforeRebalanceAsync(cancellationToken);
        if (!IsStill(incarnation)) return;
        var owned = Assigned();
        var revoked = owned.Except(assigned).ToList();
        var added = assigned.Except(owned).ToList();
        ConsumerLog.Assigned(_context.Logger, _group, string.Join(", ", revoked), string.Join(", ", added), assigned.Count);
        if (revoked.Count > 0)
        {
            if (Listener is { } listener) await listener.OnPartitionsRevokedAsync(revoked, cancellationToken);
            // A failure up to here leaves the target as it is: the next poll tries again.
            if (!IsStill(incarnation)) return;
        }

        Replace(assigned);
        _context.Cluster.Metadata.Pin(TopicsToTrack(assigned));
        lock (_gate)
        {
            if (_member.Incarnation == incarnation) _member.Reconciled(target, resolved);
        }

        try
        {
            if (Listener is { } listener) await listener.OnPartitionsAssignedAsync(added, cancellationToken);
        }
        finally
        {
            HeartbeatSoon();
        }
    }

    private Dictionary<Uuid, IReadOnlySet<int>> Resolve(LocalAssignment target, out List<TopicPartition> assigned)
    {
        var resolved = new Dictionary<Uuid, IReadOnlySet<int>>();
        var missing = new List<Uuid>();
        assigned = [];
        foreach (var (topicId, numbers) in target.Partitions)
        {
            if (_topicIds.Find(topicId) is not { } name)
            {
                missing.Add(topicId);
                continue;
            }

            resolved.Add(topicId, numbers);
            foreach (var number in numbers) assigned.Add(new TopicPartition(name, number));
        }

        _topicIds.Ask(missing);
        return resolved;
    }

    private bool IsStill(int incarnation)
    {
        lock (_gate) return _member.Incarnation == incarnation;
    }

    private HashSet<string> TopicsToTrack(List<TopicPartition> assigned)
    {
        lock (_context.Subscription.Gate) return [.. _context.Subscription.Topics, .. assigned.Select(static partition => partition.Topic)];
    }
}
