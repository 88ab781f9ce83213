using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>What is configured of one connector. Immutable.</summary>
/// <param name="Configs">Its configuration as it was given, with unresolved variables.</param>
/// <param name="Target">What its user wants.</param>
/// <param name="Tasks">The configurations of its tasks, in order; empty until the connector has told them. Another list whenever they were made anew.</param>
public sealed record ConnectorConfig(
    IReadOnlyDictionary<string, string> Configs, TargetState Target, IReadOnlyList<IReadOnlyDictionary<string, string>> Tasks)
{
    /// <summary>The configuration that <see cref="Tasks"/> were made of; null before.</summary>
    public IReadOnlyDictionary<string, string>? Applied { get; init; }
}
