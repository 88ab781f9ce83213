using Barnabas.Configuration;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Barnabas.Transport;
using Barnabas.Transport.Http;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>The REST API over HTTP. It listens at once, and answers 503 until it has somebody to ask.</summary>
public sealed class RestServer : IHttpHandler, IAsyncDisposable
{
    private readonly HerderHandle _handle = new();
    private readonly RouteTable _routes = new();
    private readonly ILogger _logger;
    private HttpServer? _http;

    private RestServer(ILogger logger)
    {
        _logger = logger;
        ConnectorRoutes.Map(_routes, _handle);
        OffsetRoutes.Map(_routes, _handle);
        InternalRoutes.Map(_routes, _handle);
        LoggerRoutes.Map(_routes, _handle);
        WorkerRoutes.Map(_routes, _handle);
    }

    /// <summary>The addresses it listens on, with the ports that were free where 0 was asked for.</summary>
    public IReadOnlyCollection<string> Addresses { get; private set; } = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="listeners">As <c>http://host:port</c> or <c>https://host:port</c>; no host means all addresses.</param>
    /// <param name="transport">What it listens with.</param>
    /// <param name="tls">The certificates of https listeners; null where there are none.</param>
    /// <param name="time">The clock of its time-outs and of its log.</param>
    /// <param name="loggers">Where the server logs.</param>
    /// <exception cref="ConfigException">A listener is not valid.</exception>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<RestServer> StartAsync(IReadOnlyList<string> listeners, ITransport transport, TlsContext? tls, TimeProvider time, ILoggerFactory loggers)
    {
        List<RestListener> parsed = [.. listeners.Select(RestListener.Parse)];
        var logger = loggers.CreateLogger("Barnabas.Connect.Rest");
        var server = new RestServer(logger);
        var bound = new List<ITransportListener>();
        try
        {
            foreach (var listener in parsed) bound.Add(await ListenAsync(listener, transport, tls, logger));
        }
        catch
        {
            foreach (var listener in bound) await listener.DisposeAsync();
            throw;
        }

        server._http = HttpServer.Start(bound, server, new HttpServerOptions { Name = "REST API" }, time, logger);
        server.Addresses = [.. parsed.Zip(server._http.EndPoints, (listener, endPoint) => listener.AddressOf(endPoint))];
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_http is not null) await _http.DisposeAsync();
    }

    /// <summary>From now on the herder answers.</summary>
    internal void Attach(Herder herder, WorkerClient? others, string? clusterId)
    {
        _handle.Others = others;
        _handle.ClusterId = clusterId;
        _handle.Attach(herder);
    }

    private static ValueTask<ITransportListener> ListenAsync(RestListener listener, ITransport transport, TlsContext? tls, ILogger logger)
    {
        if (!listener.IsTls) return transport.ListenAsync(listener.Host, listener.Port);
        var context = tls ?? throw new ConfigException("listeners", $"https://{listener.Host}:{listener.Port}", "it needs a certificate: set listeners.https.ssl.keystore.location");
        return new TlsTransport(transport, context, logger).ListenAsync(listener.Host, listener.Port);
    }

    HttpAnswer IHttpHandler.Refuse(HttpException error) => RestJson.Error(error.Status, error.Message);

    async Task<HttpAnswer> IHttpHandler.AnswerAsync(HttpRequest request, CancellationToken stop)
    {
        RestContext? context = null;
        try
        {
            context = new RestContext(request, UrlText.Path(request.Path), stop);
            try
            {
                await _routes.AnswerAsync(context);
            }
            catch (RequestTargetException target) when (_handle.Others is { } others)
            {
                await Forwarding.ForwardAsync(context, target, others);
            }

            return context.Answer;
        }
        catch (RestException error)
        {
            var answer = RestJson.Error(error.Status, error.Message);
            answer.Allow = context?.Answer.Allow;
            return answer;
        }
        catch (HttpException error)
        {
            return RestJson.Error(error.Status, error.Message);
        }
        catch (ConfigException error)
        {
            return RestJson.Error(400, error.Message);
        }
        catch (TimeoutException)
        {
            return RestJson.Error(500, "Request timed out");
        }
        catch (Exception error) when (error is ConnectException or Protocol.KafkaException)
        {
            return RestJson.Error(500, error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            RestLog.Failed(_logger, request.Method, request.Path, error);
            return RestJson.Error(500, error.Message);
        }
    }
}
