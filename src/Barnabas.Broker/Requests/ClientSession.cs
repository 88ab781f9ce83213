using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Requests;

/// <summary>What a connection has proven; the handler of a listener that authenticates keeps it with the connection.</summary>
internal class ClientSession(KafkaPrincipal principal)
{
    private volatile KafkaPrincipal _principal = principal;

    /// <summary>Who the client is.</summary>
    public KafkaPrincipal Principal
    {
        get => _principal;
        protected set => _principal = value;
    }

    /// <summary>Whether a delegation token stood for the user.</summary>
    public bool IsTokenAuthenticated { get; protected set; }
}
