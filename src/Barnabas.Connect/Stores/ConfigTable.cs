using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>
/// The state that a configuration log adds up to. Task configurations count once their commit record names as many as
/// are there: until then the ones before stay. Changed by one thread; <see cref="State"/> may be read by any.
/// </summary>
internal sealed class ConfigTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ConnectorConfig> _connectors = [];
    private readonly Dictionary<string, SortedDictionary<int, IReadOnlyDictionary<string, string>>> _pending = [];
    private readonly Dictionary<string, TargetState> _targets = [];
    private readonly Dictionary<string, int> _taskCountRecords = [];
    private readonly Dictionary<string, int> _taskGenerations = [];
    private readonly HashSet<string> _pendingFencing = [];
    private SessionKey? _sessionKey;
    private long _offset = -1;
    private ClusterConfigState? _state;

    // Made when it is asked for: a long log is read at the start without a copy for each record.
    public ClusterConfigState State
    {
        get
        {
            lock (_gate)
            {
                return _state ??= new ClusterConfigState
                {
                    Offset = _offset,
                    Connectors = new Dictionary<string, ConnectorConfig>(_connectors),
                    SessionKey = _sessionKey,
                    TaskCountRecords = new Dictionary<string, int>(_taskCountRecords),
                    PendingFencing = new HashSet<string>(_pendingFencing),
                    TaskGenerations = new Dictionary<string, int>(_taskGenerations),
                };
            }
        }
    }

    public void SetOffset(long offset)
    {
        lock (_gate)
        {
            _offset = offset;
            if (_state is { } state) _state = state with { Offset = offset };
        }
    }

    public void SetSessionKey(SessionKey key) => Change(() => _sessionKey = key);

    public void SetTaskCountRecord(string name, int count) => Change(() =>
    {
        _taskCountRecords[name] = count;
        _pendingFencing.Remove(name);
    });

    public void SetConnector(string name, IReadOnlyDictionary<string, string>? configs) => Change(() =>
    {
        if (configs is null)
        {
            _connectors.Remove(name);
            _pending.Remove(name);
            return;
        }

        _connectors[name] = _connectors.TryGetValue(name, out var old)
            ? old with { Configs = configs }
            : new ConnectorConfig(configs, _targets.GetValueOrDefault(name, TargetState.Started), []);
    });

    public void SetTarget(string name, TargetState? target) => Change(() =>
    {
        if (target is null) _targets.Remove(name);
        else _targets[name] = target.Value;
        if (_connectors.TryGetValue(name, out var old)) _connectors[name] = old with { Target = target ?? TargetState.Started };
    });

    // Changes no state before the commit.
    public void SetTask(string name, int task, IReadOnlyDictionary<string, string>? configs)
    {
        if (!_pending.TryGetValue(name, out var tasks)) _pending[name] = tasks = [];
        if (configs is null) tasks.Remove(task);
        else tasks[task] = configs;
    }

    /// <summary>False where fewer task configurations came than were announced, as after compaction in the middle of a change.</summary>
    public bool CommitTasks(string name, int count)
    {
        var isWhole = true;
        Change(() =>
        {
            _pending.Remove(name, out var pending);
            // Tasks of a connector that was deleted and compacted away.
            if (!_connectors.TryGetValue(name, out var old)) return;
            _pendingFencing.Add(name);
            var tasks = new List<IReadOnlyDictionary<string, string>>();
            for (var task = 0; isWhole && task < count; task++)
            {
                if (pending is null || !pending.TryGetValue(task, out var configs)) isWhole = false;
                else tasks.Add(configs);
            }

            if (!isWhole) return;
            _connectors[name] = old with { Tasks = tasks, Applied = old.Configs };
            _taskGenerations[name] = _taskGenerations.GetValueOrDefault(name, -1) + 1;
        });
        return isWhole;
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _state = null;
        }
    }
}
