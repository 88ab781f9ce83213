namespace Barnabas.Client.Consumer;

/// <summary>Who a consumer is in its group, for offsets that are committed in a producer's transaction (KIP-447).</summary>
/// <param name="GroupId">The group.</param>
/// <param name="GenerationId">The group's generation, or the member's epoch in it (KIP-848); -1 outside one.</param>
/// <param name="MemberId">The member's id; empty outside a group's membership.</param>
/// <param name="GroupInstanceId">The static member's name, or null.</param>
public sealed record ConsumerGroupMetadata(string GroupId, int GenerationId = -1, string MemberId = "", string? GroupInstanceId = null);
