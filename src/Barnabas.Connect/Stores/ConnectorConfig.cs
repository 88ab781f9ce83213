using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>What is configured of one connector. Immutable.</summary>
/// <param name="Configs">Its configuration as it was given, with unresolved variables.</param>
/// <param name="Target">What its user wants.</param>
/// <param name="Tasks">The configurations of its tasks, in order; empty until the connector has told them.</param>
public sealed record ConnectorConfig(
    IReadOnlyDictionary<string, string> Configs, TargetState Target, IReadOnlyList<IReadOnlyDictionary<string, string>> Tasks);
