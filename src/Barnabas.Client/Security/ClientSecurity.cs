using Barnabas.Client.Networking;
using Barnabas.Configuration;
using Barnabas.Transport;
using Barnabas.Transport.Tls;

namespace Barnabas.Client.Security;

/// <summary>Gives a client the TLS and SASL that its options ask for, where its environment has not brought its own.</summary>
internal static class ClientSecurity
{
    /// <exception cref="ConfigException">The options do not say what is needed, or a key store cannot be read.</exception>
    public static ClientEnvironment Complete(ClientOptions options, ClientEnvironment environment)
    {
        var protocol = options.SecurityProtocol;
        if (protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl && environment.Security is null)
            environment = environment with { Security = new TlsSecurity(TlsOf(options, environment), environment.LoggerFactory.CreateLogger("Barnabas.Client")) };
        if (protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl && environment.Authenticator is null)
            environment = environment with { Authenticator = new SaslAuthenticator(SaslClients.Create(options.Sasl, environment), environment.Time) };
        return environment;
    }

    private static TlsContext TlsOf(ClientOptions options, ClientEnvironment environment)
    {
        try
        {
            return new TlsContext(new TlsSettings(name => options.SslProperties.GetValueOrDefault(name)), environment.Time, environment.LoggerFactory.CreateLogger("Barnabas.Client"));
        }
        catch (TlsException e)
        {
            throw new ConfigException(e.Message);
        }
    }

    private sealed class TlsSecurity(TlsContext context, Microsoft.Extensions.Logging.ILogger logger) : IConnectionSecurity
    {
        public async ValueTask<ITransportConnection> SecureAsync(ITransportConnection connection, Node node, CancellationToken cancellationToken) =>
            await TlsConnection.ConnectAsync(connection, context, node.Host, logger, cancellationToken);
    }
}
