using System.Globalization;
using System.Net;
using System.Text;
using Barnabas.Transport;
using Barnabas.Transport.Http;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Telemetry;

/// <summary>Serves <c>/metrics</c>, <c>/health/live</c> and <c>/health/ready</c> over HTTP on the node's transport. A peer that is slow, sends more than a few kilobytes, or is one of too many, is let go.</summary>
internal sealed class TelemetryEndpoint : IHttpHandler, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly HttpServerOptions Options = new()
    {
        Name = "metrics listener",
        Limits = new HttpLimits { Connections = 32, LineBytes = 4 * 1024, HeaderBytes = 8 * 1024, BodyBytes = 8 * 1024, Head = Patience, Body = Patience, Stop = TimeSpan.Zero },
        // Somebody asks every few seconds.
        RequestLevel = LogLevel.Debug,
    };

    private readonly Func<string> _metrics;
    private readonly Func<string?> _notReady;
    private readonly HttpServer _server;

    private TelemetryEndpoint(ITransportListener listener, Func<string> metrics, Func<string?> notReady, TimeProvider time, ILogger logger)
    {
        _metrics = metrics;
        _notReady = notReady;
        _server = HttpServer.Start([listener], this, Options, time, logger);
    }

    /// <summary>The bound address.</summary>
    public IPEndPoint LocalEndPoint => _server.EndPoints[0];

    /// <summary>Binds and serves.</summary>
    /// <param name="address">Host and port (barnabas.metrics.listener).</param>
    /// <param name="transport">The network.</param>
    /// <param name="metrics">Gives the text of /metrics.</param>
    /// <param name="notReady">Says why the node is not ready; null when it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="Barnabas.Configuration.ConfigException">The address is none.</exception>
    /// <exception cref="TransportException">It cannot be bound.</exception>
    public static async Task<TelemetryEndpoint> StartAsync(
        string address, ITransport transport, Func<string> metrics, Func<string?> notReady, TimeProvider time, ILogger logger)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
            throw new Barnabas.Configuration.ConfigException("barnabas.metrics.listener", address, "must be host:port, as localhost:9404");
        var listener = await transport.ListenAsync(address[..colon].Trim('[', ']'), port);
        BrokerLog.MetricsServed(logger, listener.LocalEndPoint.ToString());
        return new TelemetryEndpoint(listener, metrics, notReady, time, logger);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    Task<HttpAnswer> IHttpHandler.AnswerAsync(HttpRequest request, CancellationToken stop) => Task.FromResult(Answer(request));

    HttpAnswer IHttpHandler.Refuse(HttpException error) => Text(error.Status, error.Message);

    private HttpAnswer Answer(HttpRequest request)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            var refused = Text(405, "only GET is served here");
            refused.Allow = "GET, HEAD";
            return refused;
        }
        return request.Path switch
        {
            "/metrics" => new HttpAnswer { ContentType = PrometheusText.ContentType, Body = Encoding.UTF8.GetBytes(_metrics()) },
            "/health" or "/health/live" => Text(200, "alive"),
            "/health/ready" or "/ready" => _notReady() is { } reason ? Text(503, reason) : Text(200, "ready"),
            _ => Text(404, "/metrics, /health/live and /health/ready are served here"),
        };
    }

    private static HttpAnswer Text(int status, string text) => new() { Status = status, ContentType = "text/plain", Body = Encoding.UTF8.GetBytes(text + "\n") };
}
