using Barnabas.Transport;
using Barnabas.Transport.Requests;

namespace Barnabas.Client.Networking;

/// <summary>Puts a secure channel over a fresh connection.</summary>
public interface IConnectionSecurity
{
    /// <summary>Returns the connection to use instead; owns <paramref name="connection"/> from here on, also when it throws.</summary>
    /// <param name="connection">An established connection.</param>
    /// <param name="node">Whom it leads to; the certificate is checked against its host.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<ITransportConnection> SecureAsync(ITransportConnection connection, Node node, CancellationToken cancellationToken);
}

/// <summary>Proves to a node who this client is, before any other request is sent.</summary>
public interface IConnectionAuthenticator
{
    /// <summary>Runs the exchange; an exception closes the connection and reaches whoever wanted it.</summary>
    /// <returns>The clock's timestamp from which the connection is to be replaced, as the node wants a new proof; null for never.</returns>
    ValueTask<long?> AuthenticateAsync(RequestConnection connection, ApiVersionTable versions, Node node, CancellationToken cancellationToken);
}
