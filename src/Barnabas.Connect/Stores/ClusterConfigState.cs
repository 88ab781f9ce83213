namespace Barnabas.Connect.Stores;

/// <summary>Everything that is configured, as of one record of the configuration log. Immutable.</summary>
public sealed record ClusterConfigState
{
    private static readonly Dictionary<string, int> None = [];

    /// <summary>Nothing yet.</summary>
    public static ClusterConfigState Empty { get; } = new();

    /// <summary>The offset after the last record that it contains; -1 for none.</summary>
    public long Offset { get; init; } = -1;

    /// <summary>All connectors by name.</summary>
    public IReadOnlyDictionary<string, ConnectorConfig> Connectors { get; init; } = new Dictionary<string, ConnectorConfig>();

    /// <summary>The key for requests between workers; null before a leader has written one.</summary>
    public SessionKey? SessionKey { get; init; }

    /// <summary>How many transactional tasks a connector had when they were last fenced (KIP-618); kept when it is deleted.</summary>
    public IReadOnlyDictionary<string, int> TaskCountRecords { get; init; } = None;

    /// <summary>The connectors whose newest tasks must not start before older ones are fenced (KIP-618).</summary>
    public IReadOnlySet<string> PendingFencing { get; init; } = new HashSet<string>();

    /// <summary>How often the tasks of a connector were made, from 0.</summary>
    public IReadOnlyDictionary<string, int> TaskGenerations { get; init; } = None;
}
