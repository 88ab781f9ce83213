namespace Barnabas.Connect.Tasks;

/// <summary>A task of a connector.</summary>
/// <param name="Connector">The connector's name.</param>
/// <param name="Task">The task's number, from 0.</param>
public readonly record struct ConnectorTaskId(string Connector, int Task)
{
    /// <summary>As in logs: <c>name-0</c>.</summary>
    public override string ToString() => $"{Connector}-{Task}";
}
