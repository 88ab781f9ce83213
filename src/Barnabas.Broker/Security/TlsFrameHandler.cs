using Barnabas.Broker.Requests;
using Barnabas.Configuration.Security;
using Barnabas.Protocol.Acls;
using Barnabas.Transport.Server;
using Barnabas.Transport.Tls;

namespace Barnabas.Broker.Security;

/// <summary>Before the handler of an SSL listener: a client is who its certificate says, by ssl.principal.mapping.rules.</summary>
internal sealed class TlsFrameHandler(IFrameHandler inner, SslPrincipalMapper mapper) : IFrameHandler
{
    public ValueTask<IOutgoingFrame?> HandleAsync(ServerConnection connection, Frame frame)
    {
        if (connection.Session is null)
        {
            try
            {
                connection.Session = new ClientSession(PrincipalOf(connection));
            }
            catch (Barnabas.Configuration.ConfigException e)
            {
                frame.Dispose();
                throw new FrameException(e.Message, e);
            }
        }
        return inner.HandleAsync(connection, frame);
    }

    public void OnClosed(ServerConnection connection) => inner.OnClosed(connection);

    private KafkaPrincipal PrincipalOf(ServerConnection connection) =>
        connection.PeerCertificate is { } certificate ? KafkaPrincipal.User(mapper.Map(DistinguishedNames.SubjectOf(certificate))) : KafkaPrincipal.Anonymous;
}
