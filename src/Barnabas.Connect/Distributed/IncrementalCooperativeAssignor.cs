using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Distributed;

/// <summary>
/// Decides which worker runs what (KIP-415), the same as Kafka Connect's assignor of that name: workers keep what they
/// have; what a worker that is gone had waits for its return, up to <c>scheduled.rebalance.max.delay.ms</c>; what is too
/// much for one is revoked first and assigned in the next round. A state machine of the leader: no clock, no I/O, one thread.
/// </summary>
internal sealed partial class IncrementalCooperativeAssignor(int maxDelayMs)
{
    private const int BackoffBase = 40;

    private ConnectorsAndTasks _previousAssignment = ConnectorsAndTasks.Empty;
    private ConnectorsAndTasks _previousRevocation = ConnectorsAndTasks.Empty;
    private IReadOnlySet<string> _previousMembers = new HashSet<string>();
    private int _previousGeneration = -1;
    private bool _revokedInPrevious;
    private int _successiveRevocations;
    private int _delayMs;

    /// <summary>One round.</summary>
    /// <param name="configured">All connectors and tasks there are.</param>
    /// <param name="lastGeneration">The last generation that this leader completed.</param>
    /// <param name="generation">The generation that is being made.</param>
    /// <param name="members">What each member says that it holds.</param>
    /// <param name="nowMs">The time, in milliseconds of any monotonic clock.</param>
    public ClusterAssignment Assign(
        ConnectorsAndTasks configured, int lastGeneration, int generation, IReadOnlyDictionary<string, ConnectorsAndTasks> members, long nowMs)
    {
        // What was assigned in a round that did not come to an end says nothing.
        if (_previousGeneration != lastGeneration) _previousAssignment = ConnectorsAndTasks.Empty;
        var active = ConnectorsAndTasks.Union(members.Values);
        if (_previousRevocation.Overlaps(active)) _previousAssignment = active;
        _previousRevocation = ConnectorsAndTasks.Empty;

        var deleted = _previousAssignment.Without(configured);
        var duplicated = Duplicated(members.Values);
        var lost = _previousAssignment.Without(active).Without(deleted);
        var created = configured.Without(_previousAssignment).Without(active);
        var revoked = members.ToDictionary(member => member.Key, member => member.Value.Within(deleted.And(duplicated)));
        var next = members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => new WorkerLoad(member.Key, member.Value)).ToList();
        foreach (var load in next) load.Remove(revoked[load.Worker]);

        var toReassign = HandleLost(lost, next, nowMs);
        if (_delayMs == 0) Balance(configured, next, revoked, nowMs);
        else _revokedInPrevious = false;

        var toAssign = created.And(toReassign);
        Spread(next, toAssign.Connectors, load => load.Connectors.Count, (load, connector) => load.Add(connector));
        Spread(next, toAssign.Tasks, load => load.Tasks.Count, (load, task) => load.Add(task));

        var all = next.ToDictionary(load => load.Worker, load => load.Holds);
        var added = all.ToDictionary(worker => worker.Key, worker => worker.Value.Without(members[worker.Key].Without(deleted)));
        _previousRevocation = ConnectorsAndTasks.Union(revoked.Values);
        _previousAssignment = ConnectorsAndTasks.Union(all.Values).Without(_previousRevocation).And(lost);
        _previousGeneration = generation;
        _previousMembers = members.Keys.ToHashSet();
        return new ClusterAssignment(added, revoked, all.ToDictionary(worker => worker.Key, worker => worker.Value.Without(revoked[worker.Key])), _delayMs);
    }

    // What runs on more than one worker is stopped on all of them, and assigned in the next round.
    private static ConnectorsAndTasks Duplicated(IEnumerable<ConnectorsAndTasks> members)
    {
        var all = members.ToList();
        return new ConnectorsAndTasks(Twice(all.SelectMany(member => member.Connectors)), Twice(all.SelectMany(member => member.Tasks)));
    }

    private static IEnumerable<T> Twice<T>(IEnumerable<T> items) => items.GroupBy(item => item).Where(group => group.Skip(1).Any()).Select(group => group.Key);

    // To the workers with the least to do, in turn.
    private static void Spread<T>(List<WorkerLoad> workers, IReadOnlySet<T> work, Func<WorkerLoad, int> sizeOf, Action<WorkerLoad, T> add)
    {
        if (workers.Count == 0) return;
        var order = workers.OrderBy(sizeOf).ThenBy(worker => worker.Worker, StringComparer.Ordinal).ToList();
        using var left = work.GetEnumerator();
        var isLeft = left.MoveNext();
        while (isLeft)
        {
            var least = sizeOf(order[0]);
            foreach (var worker in order.TakeWhile(worker => sizeOf(worker) <= least).ToList())
            {
                add(worker, left.Current);
                isLeft = left.MoveNext();
                if (!isLeft) break;
            }
        }
    }
}
