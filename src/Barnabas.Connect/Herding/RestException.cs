using Barnabas.Connect.Errors;

namespace Barnabas.Connect.Herding;

/// <summary>A request that cannot be done, with the HTTP status that says why.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The reason, in Kafka Connect's words.</param>
public sealed class RestException(int status, string message) : ConnectException(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    internal static RestException NoConnector(string name) => new(404, $"Connector {name} not found");
}
