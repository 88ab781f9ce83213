namespace Barnabas.Coordination.Groups;

/// <summary>Who asks the group coordinator.</summary>
/// <param name="ApiVersion">The version of the request.</param>
/// <param name="ClientId">The client's own name, "" if it gave none; the prefix of generated member ids.</param>
/// <param name="ClientHost">The peer's address as Kafka shows it: "/" and the IP address.</param>
public readonly record struct GroupRequestContext(short ApiVersion, string ClientId, string ClientHost);
