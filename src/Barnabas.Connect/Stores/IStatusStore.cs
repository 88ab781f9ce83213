using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>Keeps what connectors and tasks do. Safe from any thread.</summary>
public interface IStatusStore
{
    /// <summary>Reads what is there.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Writes a connector's state; <see cref="RunState.Destroyed"/> removes it.</summary>
    void Put(string connector, Status status);

    /// <summary>Writes a task's state; <see cref="RunState.Destroyed"/> removes it.</summary>
    void Put(ConnectorTaskId task, Status status);

    /// <summary>A connector's state, or null.</summary>
    Status? Get(string connector);

    /// <summary>A task's state, or null.</summary>
    Status? Get(ConnectorTaskId task);

    /// <summary>The states of a connector's tasks.</summary>
    IReadOnlyDictionary<int, Status> TasksOf(string connector);

    /// <summary>Notes that a connector used a topic (KIP-558).</summary>
    void PutTopic(string connector, string topic, int task, long discoveredMs);

    /// <summary>The topics that a connector used.</summary>
    IReadOnlyCollection<string> TopicsOf(string connector);

    /// <summary>Forgets the topics that a connector used.</summary>
    void ResetTopics(string connector);

    /// <summary>All connectors of which something is known.</summary>
    IReadOnlyCollection<string> Connectors { get; }

    /// <summary>Done when everybody can see what was written before.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Ends writing; waits for what was written.</summary>
    Task StopAsync();
}
