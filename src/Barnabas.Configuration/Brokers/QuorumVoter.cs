namespace Barnabas.Configuration.Brokers;

/// <summary>A controller that <c>controller.quorum.voters</c> names.</summary>
/// <param name="Id">Its node id.</param>
/// <param name="Host">Its host.</param>
/// <param name="Port">Its port.</param>
public sealed record QuorumVoter(int Id, string Host, int Port);
