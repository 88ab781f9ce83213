using System.Globalization;
using System.Net;
using System.Text;
using Barnabas.Transport;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Telemetry;

/// <summary>
/// Serves <c>/metrics</c>, <c>/health/live</c> and <c>/health/ready</c> over HTTP/1.1, one request a connection, on the node's transport.
/// A peer that is slow, sends more than a few kilobytes, or is one of too many, is let go.
/// </summary>
internal sealed class TelemetryEndpoint : IAsyncDisposable
{
    private const int MaxRequestBytes = 8 * 1024;
    private const int MaxConnections = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ITransportListener _listener;
    private readonly Func<string> _metrics;
    private readonly Func<string?> _notReady;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _connections;

    private TelemetryEndpoint(ITransportListener listener, Func<string> metrics, Func<string?> notReady, TimeProvider time, ILogger logger)
    {
        _listener = listener;
        _metrics = metrics;
        _notReady = notReady;
        _time = time;
        _logger = logger;
        _accepting = AcceptAsync();
    }

    /// <summary>The bound address.</summary>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

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

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener.AcceptAsync(_stopping.Token);
                if (Interlocked.Increment(ref _connections) > MaxConnections)
                {
                    Interlocked.Decrement(ref _connections);
                    connection.Abort("too many connections for metrics");
                    await connection.DisposeAsync();
                    continue;
                }
                _ = ServeAsync(connection);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (TransportException e)
            {
                if (_stopping.IsCancellationRequested)
                    return;
                BrokerLog.MetricsAcceptFailed(_logger, e);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time);
            }
        }
    }

    private async Task ServeAsync(ITransportConnection connection)
    {
        // The accept loop goes on at once.
        await Task.Yield();
        try
        {
            using var patience = new CancellationTokenSource(Patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
            if (await ReadRequestLineAsync(connection, either.Token) is { } line)
                await connection.SendAsync([Respond(line)], either.Token);
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException)
        {
            // The peer has gone or was too slow: there is nobody to tell.
        }
        catch (Exception e)
        {
            BrokerLog.MetricsFailed(_logger, e);
        }
        finally
        {
            await connection.DisposeAsync();
            Interlocked.Decrement(ref _connections);
        }
    }

    private static async Task<string?> ReadRequestLineAsync(ITransportConnection connection, CancellationToken cancellation)
    {
        var buffer = new byte[MaxRequestBytes];
        var filled = 0;
        while (filled < buffer.Length)
        {
            var received = await connection.ReceiveAsync(buffer.AsMemory(filled), cancellation);
            if (received == 0)
                return null;
            filled += received;
            // The whole head is read, so that closing does not reset what the client still sends.
            if (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) >= 0)
                return Encoding.Latin1.GetString(buffer, 0, buffer.AsSpan().IndexOf("\r\n"u8));
        }
        return "TOO LARGE";
    }

    private byte[] Respond(string line)
    {
        var words = line.Split(' ');
        var path = words.Length == 3 ? words[1].Split('?')[0] : "";
        if (words.Length != 3)
            return Response(400, "Bad Request", "text/plain", "bad request\n", withBody: true);
        if (words[0] is not ("GET" or "HEAD"))
            return Response(405, "Method Not Allowed", "text/plain", "only GET is served here\n", withBody: true);
        var withBody = words[0] == "GET";
        switch (path)
        {
            case "/metrics":
                return Response(200, "OK", PrometheusText.ContentType, _metrics(), withBody);
            case "/health" or "/health/live":
                return Response(200, "OK", "text/plain", "alive\n", withBody);
            case "/health/ready" or "/ready":
                return _notReady() is { } reason
                    ? Response(503, "Service Unavailable", "text/plain", reason + "\n", withBody)
                    : Response(200, "OK", "text/plain", "ready\n", withBody);
            default:
                return Response(404, "Not Found", "text/plain", "/metrics, /health/live and /health/ready are served here\n", withBody);
        }
    }

    private static byte[] Response(int status, string reason, string type, string text, bool withBody)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {reason}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        return withBody ? [.. head, .. body] : head;
    }
}
