using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership;

/// <summary>What a join brought; no assignment when the member was kicked out meanwhile.</summary>
internal sealed record JoinOutcome(ConsumerProtocolAssignment? Assignment, int GenerationId, string? Protocol);
