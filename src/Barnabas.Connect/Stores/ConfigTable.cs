using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>
/// The state that a configuration log adds up to. Task configurations count once their commit record names as many as
/// are there: until then the ones before stay. For one thread; <see cref="State"/> is immutable and may be read from any.
/// </summary>
internal sealed class ConfigTable
{
    private readonly Dictionary<string, SortedDictionary<int, IReadOnlyDictionary<string, string>>> _pending = [];
    private readonly Dictionary<string, TargetState> _targets = [];
    private volatile ClusterConfigState _state = ClusterConfigState.Empty;

    public ClusterConfigState State => _state;

    public void SetOffset(long offset) => _state = _state with { Offset = offset };

    public void SetSessionKey(SessionKey key) => _state = _state with { SessionKey = key };

    public void SetTaskCountRecord(string name, int count) => _state = _state with
    {
        TaskCountRecords = _state.TaskCountRecords.SetItem(name, count),
        PendingFencing = _state.PendingFencing.Remove(name),
    };

    public void SetConnector(string name, IReadOnlyDictionary<string, string>? configs)
    {
        if (configs is null)
        {
            _state = _state with { Connectors = _state.Connectors.Remove(name) };
            _pending.Remove(name);
            return;
        }

        var target = _targets.GetValueOrDefault(name, TargetState.Started);
        Set(name, _state.Connectors.TryGetValue(name, out var old) ? old with { Configs = configs } : new ConnectorConfig(configs, target, []));
    }

    public void SetTarget(string name, TargetState? target)
    {
        if (target is null) _targets.Remove(name);
        else _targets[name] = target.Value;
        if (_state.Connectors.TryGetValue(name, out var old)) Set(name, old with { Target = target ?? TargetState.Started });
    }

    public void SetTask(string name, int task, IReadOnlyDictionary<string, string>? configs)
    {
        if (!_pending.TryGetValue(name, out var tasks)) _pending[name] = tasks = [];
        if (configs is null) tasks.Remove(task);
        else tasks[task] = configs;
    }

    /// <summary>False where fewer task configurations came than were announced, as after compaction in the middle of a change.</summary>
    public bool CommitTasks(string name, int count)
    {
        // Tasks of a connector that was deleted and compacted away.
        if (!_state.Connectors.TryGetValue(name, out var old))
        {
            _pending.Remove(name);
            return true;
        }

        _pending.Remove(name, out var pending);
        _state = _state with { PendingFencing = _state.PendingFencing.Add(name) };
        var tasks = new List<IReadOnlyDictionary<string, string>>();
        for (var task = 0; task < count; task++)
        {
            if (pending is null || !pending.TryGetValue(task, out var configs)) return false;
            tasks.Add(configs);
        }

        Set(name, old with { Tasks = tasks, Applied = old.Configs });
        var generation = _state.TaskGenerations.TryGetValue(name, out var before) ? before + 1 : 0;
        _state = _state with { TaskGenerations = _state.TaskGenerations.SetItem(name, generation) };
        return true;
    }

    private void Set(string name, ConnectorConfig config) => _state = _state with { Connectors = _state.Connectors.SetItem(name, config) };
}
