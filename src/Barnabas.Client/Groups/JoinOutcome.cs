namespace Barnabas.Client.Groups;

/// <summary>What a join brought.</summary>
/// <param name="Assignment">What the leader assigned; null when the member was kicked out meanwhile.</param>
/// <param name="GenerationId">The generation; -1 without one.</param>
/// <param name="Protocol">The protocol that the coordinator chose.</param>
public sealed record JoinOutcome(ReadOnlyMemory<byte>? Assignment, int GenerationId, string? Protocol);
