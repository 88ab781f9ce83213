using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Distributed;

/// <summary>Work that can be assigned: connectors and tasks. Immutable.</summary>
internal sealed class ConnectorsAndTasks
{
    public ConnectorsAndTasks(IEnumerable<string> connectors, IEnumerable<ConnectorTaskId> tasks)
    {
        Connectors = new SortedSet<string>(connectors, StringComparer.Ordinal);
        Tasks = new SortedSet<ConnectorTaskId>(tasks, TaskOrder.Instance);
    }

    public static ConnectorsAndTasks Empty { get; } = new([], []);

    public IReadOnlySet<string> Connectors { get; }

    public IReadOnlySet<ConnectorTaskId> Tasks { get; }

    public bool IsEmpty => Connectors.Count == 0 && Tasks.Count == 0;

    public static ConnectorsAndTasks Union(IEnumerable<ConnectorsAndTasks> all)
    {
        var parts = all.ToList();
        return new ConnectorsAndTasks(parts.SelectMany(part => part.Connectors), parts.SelectMany(part => part.Tasks));
    }

    public ConnectorsAndTasks Without(ConnectorsAndTasks other) => new(Connectors.Except(other.Connectors), Tasks.Except(other.Tasks));

    public ConnectorsAndTasks And(ConnectorsAndTasks other) => new(Connectors.Concat(other.Connectors), Tasks.Concat(other.Tasks));

    public ConnectorsAndTasks Within(ConnectorsAndTasks other) => new(Connectors.Where(other.Connectors.Contains), Tasks.Where(other.Tasks.Contains));

    public bool Overlaps(ConnectorsAndTasks other) => Connectors.Overlaps(other.Connectors) || Tasks.Overlaps(other.Tasks);

    public override string ToString() => $"connectors [{string.Join(", ", Connectors)}], tasks [{string.Join(", ", Tasks)}]";

    private sealed class TaskOrder : IComparer<ConnectorTaskId>
    {
        public static TaskOrder Instance { get; } = new();

        public int Compare(ConnectorTaskId x, ConnectorTaskId y)
        {
            var byConnector = string.CompareOrdinal(x.Connector, y.Connector);
            return byConnector != 0 ? byConnector : x.Task.CompareTo(y.Task);
        }
    }
}
