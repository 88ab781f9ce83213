using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Distributed;

/// <summary>What a worker would hold, while an assignor is at work. For one thread.</summary>
internal sealed class WorkerLoad(string worker, ConnectorsAndTasks holds)
{
    private readonly SortedSet<string> _connectors = new(holds.Connectors, StringComparer.Ordinal);
    private readonly List<ConnectorTaskId> _tasks = [.. holds.Tasks];

    public string Worker { get; } = worker;

    public IReadOnlyCollection<string> Connectors => _connectors;

    public IReadOnlyCollection<ConnectorTaskId> Tasks => _tasks;

    public bool IsEmpty => _connectors.Count == 0 && _tasks.Count == 0;

    public ConnectorsAndTasks Holds => new(_connectors, _tasks);

    public void Add(string connector) => _connectors.Add(connector);

    public void Add(ConnectorTaskId task) => _tasks.Add(task);

    public void Remove(ConnectorsAndTasks work)
    {
        _connectors.ExceptWith(work.Connectors);
        _tasks.RemoveAll(work.Tasks.Contains);
    }
}
