namespace Barnabas.Coordination.Groups.Streams;

/// <summary>
/// Kafka's assignor "sticky" for streams groups: tasks stay where they are or where their state is at hand, as long as the
/// load, counted by process and its members, stays even; standby copies go to other processes. Pure.
/// </summary>
internal sealed class StickyTaskAssignor
{
    private readonly IReadOnlyDictionary<string, StreamsGroupMember> _members;
    private readonly Func<string, MemberTasks> _previous;
    private readonly Dictionary<string, int> _threads;
    private readonly Dictionary<string, int> _processLoad;
    private readonly Dictionary<string, (HashSet<StreamsTask> Active, HashSet<StreamsTask> Standby)> _assigned;
    private readonly Dictionary<StreamsTask, HashSet<string>> _holders = [];

    private StickyTaskAssignor(IReadOnlyDictionary<string, StreamsGroupMember> members, Func<string, MemberTasks> previous)
    {
        _members = members;
        _previous = previous;
        _threads = members.Values.GroupBy(member => member.ProcessId, StringComparer.Ordinal).ToDictionary(process => process.Key, process => process.Count(), StringComparer.Ordinal);
        _processLoad = _threads.Keys.ToDictionary(process => process, _ => 0, StringComparer.Ordinal);
        _assigned = members.Keys.ToDictionary(member => member, _ => (new HashSet<StreamsTask>(), new HashSet<StreamsTask>()), StringComparer.Ordinal);
    }

    /// <summary>A target assignment for every member.</summary>
    /// <param name="members">The members by id.</param>
    /// <param name="previous">What each was to have.</param>
    /// <param name="tasks">All tasks.</param>
    /// <param name="isStateful">Whether a subtopology keeps state.</param>
    /// <param name="standbyReplicas">How many standby copies tasks with state get.</param>
    public static Dictionary<string, MemberTasks> Assign(
        IReadOnlyDictionary<string, StreamsGroupMember> members, Func<string, MemberTasks> previous, IReadOnlyList<StreamsTask> tasks, Predicate<string> isStateful, int standbyReplicas)
    {
        if (members.Count == 0)
            return [];
        var assignor = new StickyTaskAssignor(members, previous);
        assignor.AssignActive(tasks, isStateful);
        if (standbyReplicas > 0)
            assignor.AssignStandby([.. tasks.Where(task => isStateful(task.Subtopology))], standbyReplicas);
        return assignor._assigned.ToDictionary(member => member.Key, member => new MemberTasks(TaskSet.Of(member.Value.Active), TaskSet.Of(member.Value.Standby), TaskSet.Empty), StringComparer.Ordinal);
    }

    private void AssignActive(IReadOnlyList<StreamsTask> tasks, Predicate<string> isStateful)
    {
        var limit = (tasks.Count + _members.Count - 1) / _members.Count;
        // Tasks with state are worth more where they are.
        var open = tasks.OrderBy(task => isStateful(task.Subtopology) ? 0 : 1).ThenBy(task => task.Partition).ThenBy(task => task.Subtopology, StringComparer.Ordinal).ToList();
        open = Keep(open, limit, (member, task) => _previous(member).Active.Contains(task));
        open = Keep(open, limit, (member, task) => _previous(member).Standby.Contains(task));
        foreach (var task in open)
            PutActive(LeastLoaded(_members.Keys, member => _assigned[member].Active.Count), task);
    }

    private List<StreamsTask> Keep(List<StreamsTask> open, int limit, Func<string, StreamsTask, bool> hadIt)
    {
        var left = new List<StreamsTask>();
        foreach (var task in open)
        {
            var candidates = _members.Keys.Where(member => hadIt(member, task) && _assigned[member].Active.Count < limit).ToList();
            if (candidates.Count == 0)
                left.Add(task);
            else
                PutActive(LeastLoaded(candidates, member => _assigned[member].Active.Count), task);
        }

        return left;
    }

    private void AssignStandby(List<StreamsTask> tasks, int replicas)
    {
        foreach (var task in tasks.OrderBy(task => task.Partition).ThenBy(task => task.Subtopology, StringComparer.Ordinal))
        {
            for (var i = 0; i < replicas; i++)
            {
                // A copy in the same process is none.
                var candidates = _members.Values.Where(member => !_holders[task].Contains(member.ProcessId)).Select(member => member.MemberId).ToList();
                if (candidates.Count == 0)
                    break;
                var had = candidates.FindAll(member => _previous(member).Standby.Contains(task) || _previous(member).Active.Contains(task));
                var least = LeastLoaded(candidates, Load);
                var chosen = had.Count > 0 && LeastLoaded(had, Load) is var stay && Load(stay) <= Load(least) + 1 ? stay : least;
                _assigned[chosen].Standby.Add(task);
                Note(chosen, task);
            }
        }
    }

    private int Load(string member) => _assigned[member].Active.Count + _assigned[member].Standby.Count;

    private void PutActive(string member, StreamsTask task)
    {
        _assigned[member].Active.Add(task);
        Note(member, task);
    }

    private void Note(string member, StreamsTask task)
    {
        var process = _members[member].ProcessId;
        _processLoad[process]++;
        if (!_holders.TryGetValue(task, out var holders))
            _holders.Add(task, holders = new HashSet<string>(StringComparer.Ordinal));
        holders.Add(process);
    }

    /// <summary>The process with most room for its members, and in it the member with least to do.</summary>
    private string LeastLoaded(IEnumerable<string> candidates, Func<string, int> load) => candidates
        .OrderBy(member => (double)_processLoad[_members[member].ProcessId] / _threads[_members[member].ProcessId])
        .ThenBy(load)
        .ThenBy(member => member, StringComparer.Ordinal)
        .First();
}
