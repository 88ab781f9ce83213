using Barnabas.Broker.Requests;
using Barnabas.Protocol.Acls;
using Barnabas.Transport.Sasl;

namespace Barnabas.Broker.Security;

/// <summary>Where a connection to a SASL listener stands. Changed on the connection's read loop and, one at a time, by the exchange it started.</summary>
internal sealed class SaslSession() : ClientSession(KafkaPrincipal.Anonymous)
{
    /// <summary>Whether requests may pass.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>Whether the connection was authenticated before: what goes on is a re-authentication (KIP-368).</summary>
    public bool IsReauthenticating { get; private set; }

    /// <summary>Whether an answer to the client is under way; nothing else may come before it.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether tokens come without request headers: the handshake was version 0.</summary>
    public bool HasRawTokens { get; private set; }

    /// <summary>The mechanism agreed on.</summary>
    public string? Mechanism { get; private set; }

    /// <summary>The exchange under way, or null before the handshake.</summary>
    public ISaslServer? Server { get; private set; }

    /// <summary>The clock's timestamp when the session ends; null for never.</summary>
    public long? ExpiresTimestamp { get; private set; }

    /// <summary>The clock's timestamp when authentication was last complete.</summary>
    public long AuthenticatedTimestamp { get; private set; }

    public void BeginReauthentication()
    {
        IsAuthenticated = false;
        IsReauthenticating = true;
    }

    public void Begin(string mechanism, ISaslServer server, bool rawTokens)
    {
        Mechanism = mechanism;
        Server?.Dispose();
        Server = server;
        HasRawTokens = rawTokens;
    }

    public void Complete(KafkaPrincipal principal, long timestamp, long? expiresTimestamp)
    {
        Principal = principal;
        IsTokenAuthenticated = Server!.IsTokenAuthenticated;
        AuthenticatedTimestamp = timestamp;
        ExpiresTimestamp = expiresTimestamp;
        IsReauthenticating = false;
        Release();
        IsAuthenticated = true;
    }

    public void Release()
    {
        Server?.Dispose();
        Server = null;
    }
}
