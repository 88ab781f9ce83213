using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Server;

/// <summary>
/// One named, bound port and its connections. The acceptor loop owns the port; each connection runs its own two loops; a timer closes idle ones.
/// </summary>
public sealed class Listener : IAsyncDisposable
{
    private const int MaxHeld = 1000;
    private static long _lastId;

    private readonly ITransportListener _transport;
    private readonly IFrameHandler _handler;
    private readonly ServerOptions _options;
    private readonly ConnectionQuotas _quotas;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<long, Task> _running = new();
    private readonly ConcurrentDictionary<long, ServerConnection> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;
    private readonly ITimer _idleTimer;
    private int _held;

    private Listener(string name, ITransportListener transport, IFrameHandler handler, ServerOptions options, ConnectionQuotas quotas, TimeProvider time, ILogger logger)
    {
        Name = name;
        _transport = transport;
        _handler = handler;
        _options = options;
        _quotas = quotas;
        _time = time;
        _logger = logger;
        var period = TimeSpan.FromTicks(Math.Clamp(options.MaxIdle.Ticks / 10, TimeSpan.FromMilliseconds(10).Ticks, TimeSpan.FromSeconds(10).Ticks));
        _idleTimer = options.MaxIdle > TimeSpan.Zero
            ? time.CreateTimer(static l => ((Listener)l!).CloseIdle(), this, period, period)
            : time.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The listener's name in the configuration, as PLAINTEXT.</summary>
    public string Name { get; }

    /// <summary>The bound address with its port.</summary>
    public IPEndPoint LocalEndPoint => _transport.LocalEndPoint;

    /// <summary>Open connections.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Binds the port; connections wait in its queue until <see cref="Start"/>.</summary>
    /// <exception cref="TransportException">The address cannot be bound.</exception>
    public static async Task<Listener> BindAsync(
        string name, string host, int port, ITransport transport, IFrameHandler handler, ServerOptions options, ConnectionQuotas quotas, TimeProvider time, ILogger logger)
    {
        var bound = await transport.ListenAsync(host, port);
        return new Listener(name, bound, handler, options, quotas, time, logger);
    }

    /// <summary>Starts to accept. Called once.</summary>
    public void Start() => _accepting = AcceptAsync();

    /// <summary>Stops accepting, closes every connection and waits for their loops to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        foreach (var connection in _connections.Values)
            connection.Close("this broker is stopping");
        await Task.WhenAll(_running.Values);
        await _idleTimer.DisposeAsync();
    }

    /// <summary>Closes the port; connections stay.</summary>
    public async Task StopAcceptingAsync()
    {
        await _stopping.CancelAsync();
        await _transport.DisposeAsync();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (_quotas.WaitForRoomAsync(Name) is { IsCompleted: false } room)
                {
                    TransportLog.AtMaxConnections(_logger, Name, _quotas.Limits.MaxConnections);
                    do
                        await room.WaitAsync(_stopping.Token);
                    while (!(room = _quotas.WaitForRoomAsync(Name)).IsCompleted);
                }
                var accepted = await _transport.AcceptAsync(_stopping.Token);
                if (_quotas.Rates?.Accepted(Name) is { } wait && wait > TimeSpan.Zero)
                    await WaitToServeAsync(accepted, wait);
                Serve(accepted);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (TransportException e)
            {
                if (_stopping.IsCancellationRequested)
                    return;
                // Out of file handles, most likely: wait for some to be closed rather than spin.
                TransportLog.AcceptFailed(_logger, Name, e);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time);
            }
        }
    }

    private async Task WaitToServeAsync(ITransportConnection accepted, TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, _time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            accepted.Abort("this broker is stopping");
            throw;
        }
    }

    private void Serve(ITransportConnection accepted)
    {
        var address = accepted.RemoteEndPoint.Address;
        if (_quotas.Rates?.Accepted(address) is { } delay && delay > TimeSpan.Zero)
        {
            _ = CloseLaterAsync(accepted, delay);
            return;
        }
        if (!_quotas.TryAdd(Name, address, out var limit))
        {
            TransportLog.TooManyFromAddress(_logger, address, limit);
            accepted.Abort("too many connections from this address");
            return;
        }
        var connection = new ServerConnection(Interlocked.Increment(ref _lastId), Name, accepted, _handler, _options, _time, _logger);
        _connections[connection.Id] = connection;
        TransportLog.Accepted(_logger, accepted.RemoteEndPoint, Name);
        var running = RunAsync(connection, address);
        _running[connection.Id] = running;
        if (running.IsCompleted)
            _running.TryRemove(connection.Id, out _);
    }

    /// <summary>Holds a connection that came too soon, so that its sender does not try again at once, and closes it unserved.</summary>
    private async Task CloseLaterAsync(ITransportConnection accepted, TimeSpan delay)
    {
        var held = Interlocked.Increment(ref _held);
        TransportLog.TooFastFromAddress(_logger, accepted.RemoteEndPoint.Address, Name);
        try
        {
            if (held <= MaxHeld)
                await Task.Delay(delay, _time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: it is closed now.
        }
        Interlocked.Decrement(ref _held);
        accepted.Abort("connections from this address come too fast");
        await accepted.DisposeAsync();
    }

    private async Task RunAsync(ServerConnection connection, IPAddress address)
    {
        // The accept loop goes on at once; the first receive usually waits anyway.
        await Task.Yield();
        await connection.RunAsync();
        _connections.TryRemove(connection.Id, out _);
        _running.TryRemove(connection.Id, out _);
        _quotas.Remove(Name, address);
    }

    private void CloseIdle()
    {
        foreach (var (_, connection) in _connections)
        {
            if (connection.IsIdleFor(_options.MaxIdle))
                connection.Close("idle for longer than connections.max.idle.ms");
        }
    }
}
