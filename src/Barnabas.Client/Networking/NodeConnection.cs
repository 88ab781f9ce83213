using Barnabas.Protocol;
using Barnabas.Transport.Requests;

namespace Barnabas.Client.Networking;

/// <summary>A connection that is ready: secured, authenticated, and the node's versions known. Thread-safe; owned by the pool.</summary>
public sealed class NodeConnection
{
    private readonly TimeSpan _requestTimeout;
    private readonly long? _renewalTimestamp;
    private readonly TimeProvider _time;

    internal NodeConnection(Node node, RequestConnection requests, ApiVersionTable versions, TimeSpan requestTimeout, long? renewalTimestamp, TimeProvider time)
    {
        Node = node;
        Requests = requests;
        Versions = versions;
        _requestTimeout = requestTimeout;
        _renewalTimestamp = renewalTimestamp;
        _time = time;
    }

    /// <summary>Whom it leads to.</summary>
    public Node Node { get; }

    /// <summary>What the node supports.</summary>
    public ApiVersionTable Versions { get; }

    /// <summary>The underlying connection, for requests at a version of the caller's choice.</summary>
    public RequestConnection Requests { get; }

    /// <summary>False once it has ended; the pool then opens another.</summary>
    public bool IsOpen => Requests.IsOpen;

    /// <summary>True once the node wants a new proof of who this client is: what is in flight goes on, new requests take another connection (KIP-368).</summary>
    public bool IsWornOut => _renewalTimestamp is { } at && _time.GetTimestamp() >= at;

    /// <summary>Sends at the highest version both sides know.</summary>
    /// <exception cref="UnsupportedVersionException">There is none, or it cannot carry the request.</exception>
    /// <exception cref="DisconnectedException">The connection ended before the response.</exception>
    public Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken, TimeSpan? timeout = null) where TResponse : IResponse, new() =>
        Requests.SendAsync(request, Versions.Choose(request.ApiKey), timeout ?? _requestTimeout, cancellationToken);

    /// <summary>Sends at a version chosen with <see cref="ApiVersionTable.Choose"/>.</summary>
    public Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, short version, CancellationToken cancellationToken, TimeSpan? timeout = null) where TResponse : IResponse, new() =>
        Requests.SendAsync(request, version, timeout ?? _requestTimeout, cancellationToken);
}
