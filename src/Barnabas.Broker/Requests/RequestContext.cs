using System.Net;
using Barnabas.Broker.Quotas;
using Barnabas.Metadata.Authorizer;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Transport.Server;

namespace Barnabas.Broker.Requests;

/// <summary>Who sent what an envelope holds.</summary>
/// <param name="Principal">The client.</param>
/// <param name="IsTokenAuthenticated">Whether a delegation token stood for it.</param>
/// <param name="Address">Its address.</param>
internal sealed record ForwardedClient(KafkaPrincipal Principal, bool IsTokenAuthenticated, IPAddress Address);

/// <summary>One request on its way: who sent it, over what, and what lives until its response is sent. Owned by the dispatcher.</summary>
public sealed partial class RequestContext
{
    private List<IDisposable>? _untilSent;
    private Frame _frame;
    private bool _frameHeld;

    private RequestContext(RequestContext outer, ForwardedClient client, ApiKey apiKey, RequestHeader header)
    {
        Connection = outer.Connection;
        ListenerKind = outer.ListenerKind;
        ApiVersion = header.RequestApiVersion;
        CorrelationId = header.CorrelationId;
        ClientId = header.ClientId;
        RequestBytes = outer.RequestBytes;
        Arrived = outer.Arrived;
        _apiKey = apiKey;
        _authorizer = outer._authorizer;
        Principal = client.Principal;
        ClientAddress = client.Address;
        MayUseTokens = !client.IsTokenAuthenticated && client.Principal != KafkaPrincipal.Anonymous;
        IsForwarded = true;
    }

    internal RequestContext(
        ServerConnection connection, Frame frame, ListenerKind listenerKind, ApiKey apiKey, short apiVersion, int correlationId, string? clientId, StandardAuthorizer? authorizer)
    {
        Connection = connection;
        ListenerKind = listenerKind;
        ApiVersion = apiVersion;
        CorrelationId = correlationId;
        ClientId = clientId;
        RequestBytes = frame.Memory.Length;
        _frame = frame;
        _frameHeld = true;
        _apiKey = apiKey;
        _authorizer = authorizer;
        Principal = connection.Session is ClientSession session ? session.Principal : KafkaPrincipal.Anonymous;
        ClientAddress = connection.RemoteEndPoint.Address;
        MayUseTokens = connection.Session is ClientSession { IsTokenAuthenticated: false } && Principal != KafkaPrincipal.Anonymous;
        IsForwarded = listenerKind == ListenerKind.Broker;
    }

    /// <summary>The version of the request and of its response.</summary>
    public short ApiVersion { get; }

    /// <summary>The client's number for the request.</summary>
    public int CorrelationId { get; }

    /// <summary>The client's name for itself, or null.</summary>
    public string? ClientId { get; }

    /// <summary>The listener it came in by.</summary>
    public string ListenerName => Connection.ListenerName;

    /// <summary>The kind of that listener.</summary>
    public ListenerKind ListenerKind { get; }

    /// <summary>The client's address.</summary>
    public IPAddress ClientAddress { get; }

    /// <summary>Whether a broker hands the request to the controller, rather than the client itself.</summary>
    public bool IsForwarded { get; }

    /// <summary>The name that the client's quotas are set by: its principal without the type.</summary>
    public string User => Principal.Name;

    /// <summary>Milliseconds for which the client's next request is left waiting, as its quotas want.</summary>
    public int ThrottleTimeMs { get; private set; }

    /// <summary>The bytes of the request, without the length prefix.</summary>
    public int RequestBytes { get; }

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Cancellation => Connection.Closed;

    /// <summary>The connection, which lives longer than the request.</summary>
    public ServerConnection Connection { get; }

    /// <summary>When the request was taken up, as the clock's timestamp.</summary>
    internal long Arrived { get; set; }

    /// <summary>Wants the client held back; the longest time wanted holds.</summary>
    public void Throttle(int milliseconds) => ThrottleTimeMs = Math.Max(ThrottleTimeMs, milliseconds);

    /// <summary>Keeps something (the memory of fetched records) until the response is sent or dropped.</summary>
    public void DisposeWhenSent(IDisposable owner) => (_untilSent ??= []).Add(owner);

    /// <summary>Gives the request's bytes back before the response is ready: for requests that wait and no longer need them.</summary>
    public void ReleaseFrame()
    {
        if (!_frameHeld)
            return;
        _frameHeld = false;
        _frame.Dispose();
        _frame = default;
    }

    /// <summary>The request that an envelope holds, which is the client's and not the broker's.</summary>
    internal RequestContext Forwarded(ForwardedClient client, ApiKey apiKey, RequestHeader header) => new(this, client, apiKey, header);

    internal List<IDisposable>? TakeUntilSent()
    {
        var taken = _untilSent;
        _untilSent = null;
        return taken;
    }

    internal void DisposeUntilSent()
    {
        if (TakeUntilSent() is { } owners)
        {
            foreach (var owner in owners)
                owner.Dispose();
        }
    }
}
