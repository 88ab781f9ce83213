using System.Collections.Immutable;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>
/// The state that a configuration log adds up to. Task configurations count once their commit record names as many as
/// are there: until then the ones before stay. For one thread; <see cref="Snapshot"/> is immutable.
/// </summary>
internal sealed class ConfigTable
{
    private readonly Dictionary<string, SortedDictionary<int, IReadOnlyDictionary<string, string>>> _pending = [];
    private readonly Dictionary<string, TargetState> _targets = [];

    public ImmutableDictionary<string, ConnectorConfig> Snapshot { get; private set; } = ImmutableDictionary<string, ConnectorConfig>.Empty;

    public void SetConnector(string name, IReadOnlyDictionary<string, string>? configs)
    {
        if (configs is null)
        {
            Snapshot = Snapshot.Remove(name);
            _pending.Remove(name);
            return;
        }

        var target = _targets.GetValueOrDefault(name, TargetState.Started);
        Snapshot = Snapshot.SetItem(name, Snapshot.TryGetValue(name, out var old) ? old with { Configs = configs } : new ConnectorConfig(configs, target, []));
    }

    public void SetTarget(string name, TargetState? target)
    {
        if (target is null) _targets.Remove(name);
        else _targets[name] = target.Value;
        if (Snapshot.TryGetValue(name, out var old)) Snapshot = Snapshot.SetItem(name, old with { Target = target ?? TargetState.Started });
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
        var pending = _pending.GetValueOrDefault(name);
        if (!Snapshot.TryGetValue(name, out var old)) return true;
        var tasks = new List<IReadOnlyDictionary<string, string>>();
        for (var task = 0; task < count; task++)
        {
            if (pending is not null && pending.TryGetValue(task, out var configs)) tasks.Add(configs);
            else if (task < old.Tasks.Count) tasks.Add(old.Tasks[task]);
            else return false;
        }

        _pending.Remove(name);
        Snapshot = Snapshot.SetItem(name, old with { Tasks = tasks });
        return true;
    }
}
