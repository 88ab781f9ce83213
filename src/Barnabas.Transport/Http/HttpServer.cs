using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Http;

/// <summary>
/// An HTTP/1.1 server for small requests on a transport, for a node's metrics and a worker's REST API. The web framework would
/// do as well; the pages of its files alone are a good part of what an idle node or worker may hold.
/// </summary>
public sealed class HttpServer : IAsyncDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<ITransportListener> _listeners;
    private readonly IHttpHandler _handler;
    private readonly HttpServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<HttpConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopAccepting = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _isDisposed;

    private HttpServer(IReadOnlyList<ITransportListener> listeners, IHttpHandler handler, HttpServerOptions options, TimeProvider time, ILogger logger)
    {
        _listeners = listeners;
        _handler = handler;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Where it listens, with the ports that were free where 0 was asked for.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => listener.LocalEndPoint)];

    /// <summary>Starts to serve. Owns the listeners from then on.</summary>
    /// <param name="listeners">Where it listens; TLS is theirs.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="options">Its name and limits.</param>
    /// <param name="time">The clock of its time-outs and of its log.</param>
    /// <param name="logger">Where each request has a line.</param>
    public static HttpServer Start(IReadOnlyList<ITransportListener> listeners, IHttpHandler handler, HttpServerOptions options, TimeProvider time, ILogger logger)
    {
        var server = new HttpServer(listeners, handler, options, time, logger);
        server._accepting = Task.WhenAll(listeners.Select(server.AcceptAsync));
        return server;
    }

    /// <summary>Takes no more connections, waits a little for requests under way, and closes the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _stopAccepting.CancelAsync();
        foreach (var listener in _listeners) await listener.DisposeAsync();
        await _accepting;
        foreach (var connection in _connections.Keys) connection.Stop();
        var ended = Task.WhenAll(_connections.Values);
        try
        {
            await ended.WaitAsync(_options.Limits.Stop, _time);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
            foreach (var connection in _connections.Keys) connection.Abort();
            await ended;
        }

        _stop.Dispose();
        _stopAccepting.Dispose();
    }

    private async Task AcceptAsync(ITransportListener listener)
    {
        while (!_stopAccepting.IsCancellationRequested)
        {
            try
            {
                Serve(await listener.AcceptAsync(_stopAccepting.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (TransportException error)
            {
                if (_stopAccepting.IsCancellationRequested) return;
                // Out of file handles, most likely: wait for some to be closed rather than spin.
                HttpLog.AcceptFailed(_logger, _options.Name, listener.LocalEndPoint, error);
                await Task.Delay(AcceptPause, _time);
            }
        }
    }

    private void Serve(ITransportConnection accepted)
    {
        if (_connections.Count >= _options.Limits.Connections)
        {
            HttpLog.TooMany(_logger, _options.Name, _options.Limits.Connections, accepted.RemoteEndPoint.Address);
            accepted.Abort("too many connections");
            return;
        }

        var connection = new HttpConnection(accepted, _handler, _options, _time, _logger);
        _connections[connection] = Task.CompletedTask;
        var running = connection.RunAsync(_stop.Token);
        _connections[connection] = running;
        _ = ForgetAsync(connection, running);
    }

    private async Task ForgetAsync(HttpConnection connection, Task running)
    {
        await running;
        _connections.TryRemove(connection, out _);
    }
}
