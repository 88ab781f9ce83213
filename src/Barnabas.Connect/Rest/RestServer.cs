using Barnabas.Configuration;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;
using Barnabas.Transport;
using Barnabas.Transport.Http;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>The REST API over HTTP, <c>/admin</c> by itself where it has listeners of its own. It listens at once, and answers 503 until it has somebody to ask.</summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly HerderHandle _handle = new();
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly List<HttpServer> _servers = [];

    private RestServer(TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
    }

    /// <summary>The addresses it listens on, with the ports that were free where 0 was asked for.</summary>
    public IReadOnlyCollection<string> Addresses { get; private set; } = [];

    /// <summary>The addresses where <c>/admin</c> is by itself; empty where it is beside the rest, or nowhere.</summary>
    public IReadOnlyCollection<string> AdminAddresses { get; private set; } = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Where, and how it answers.</param>
    /// <param name="transport">What it listens with.</param>
    /// <param name="time">The clock of its time-outs and of its log.</param>
    /// <param name="logger">Where it logs.</param>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<RestServer> StartAsync(RestOptions options, ITransport transport, TimeProvider time, ILogger logger)
    {
        var server = new RestServer(time, logger);
        try
        {
            var handler = new HeaderHandler(server.Handler(server.Routes(withAdmin: options.AdminListeners is null), options), options.Headers, options.Origins, time);
            server.Addresses = await server.ServeAsync("REST API", options.Listeners, options.Tls, handler, transport);
            if (options.AdminListeners is { Count: > 0 } adminListeners)
                server.AdminAddresses = await server.ServeAsync("admin REST API", adminListeners, options.AdminTls, server.Handler(server.AdminRoutes(), options), transport);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on the herder answers.</summary>
    public void Attach(Herder herder, WorkerClient? others, string? clusterId)
    {
        _handle.Others = others;
        _handle.ClusterId = clusterId;
        _handle.Attach(herder);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    private RestHandler Handler(RouteTable routes, RestOptions options) => new(routes, options.Users, _handle, _logger);

    private RouteTable Routes(bool withAdmin)
    {
        var routes = withAdmin ? AdminRoutes() : new RouteTable();
        ConnectorRoutes.Map(routes, _handle);
        OffsetRoutes.Map(routes, _handle);
        InternalRoutes.Map(routes, _handle);
        WorkerRoutes.Map(routes, _handle);
        return routes;
    }

    private RouteTable AdminRoutes()
    {
        var routes = new RouteTable();
        LoggerRoutes.Map(routes, _handle);
        return routes;
    }

    private async Task<IReadOnlyCollection<string>> ServeAsync(string name, IReadOnlyList<RestListener> listeners, TlsContext? tls, IHttpHandler handler, ITransport transport)
    {
        var bound = new List<ITransportListener>();
        try
        {
            foreach (var listener in listeners)
                bound.Add(await (listener.IsTls ? new TlsTransport(transport, tls!, _logger) : transport).ListenAsync(listener.Host, listener.Port));
        }
        catch
        {
            foreach (var listener in bound) await listener.DisposeAsync();
            throw;
        }

        var server = HttpServer.Start(bound, handler, new HttpServerOptions { Name = name }, _time, _logger);
        _servers.Add(server);
        return [.. listeners.Zip(server.EndPoints, (listener, endPoint) => listener.AddressOf(endPoint))];
    }
}
