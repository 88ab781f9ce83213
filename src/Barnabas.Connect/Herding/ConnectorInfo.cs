using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Herding;

/// <summary>A connector as the REST API tells of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Configs">Its configuration.</param>
/// <param name="TaskCount">How many tasks it has.</param>
/// <param name="IsSource">Whether it brings data into Kafka; null for a class that is not known.</param>
public sealed record ConnectorInfo(string Name, IReadOnlyDictionary<string, string> Configs, int TaskCount, bool? IsSource);

/// <summary>What a connector and its tasks do.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Connector">The connector's state.</param>
/// <param name="Tasks">The tasks' states by number.</param>
/// <param name="IsSource">Whether it brings data into Kafka; null for a class that is not known.</param>
public sealed record ConnectorStatus(string Name, Status Connector, IReadOnlyDictionary<int, Status> Tasks, bool? IsSource);
