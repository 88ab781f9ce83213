namespace Barnabas.Connect.Config;

/// <summary>What validation says of one key.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">Its value as text; null for none.</param>
/// <param name="Recommended">Values to choose from.</param>
/// <param name="Errors">What is wrong, in Kafka's words; empty where it is valid.</param>
public sealed record ValidatedValue(string Name, string? Value, IReadOnlyList<string> Recommended, IReadOnlyList<string> Errors)
{
    /// <summary>Whether it matters with the other values as they are.</summary>
    public bool IsVisible { get; init; } = true;
}
