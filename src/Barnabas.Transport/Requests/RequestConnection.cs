using System.Diagnostics.CodeAnalysis;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Requests;

/// <summary>
/// The request-sending side of one connection: correlation ids, pipelining, time-outs. Thread-safe. Requests leave
/// in the order of the calls and the peer answers in that order, so one response out of turn ends the connection.
/// It ends once, for one recorded reason, and then fails everything in flight with <see cref="DisconnectedException"/>.
/// </summary>
public sealed partial class RequestConnection : IAsyncDisposable
{
    private readonly ITransportConnection _connection;
    private readonly RequestConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _peer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _gate = new();
    private readonly Queue<PendingRequest> _inFlight = new();
    private List<PendingRequest> _outgoing = [];
    private bool _writing;
    private string? _closeReason;
    private Exception? _closeCause;
    private int _nextCorrelationId;
    private long _lastUsedTimestamp;

    /// <summary>Takes ownership of <paramref name="connection"/> and starts reading from it.</summary>
    /// <param name="connection">An established connection.</param>
    /// <param name="peer">How the peer is named in errors and logs, e.g. <c>node 1 (localhost:9092)</c>.</param>
    /// <param name="options">Client id, time-out and limits.</param>
    /// <param name="time">The clock of all time-outs.</param>
    /// <param name="logger">Where the end of the connection is told.</param>
    public RequestConnection(ITransportConnection connection, string peer, RequestConnectionOptions options, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _peer = peer;
        _options = options;
        _time = time;
        _logger = logger;
        _lastUsedTimestamp = time.GetTimestamp();
        _deadlineTimer = time.CreateTimer(static state => ((RequestConnection)state!).CheckDeadlines(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _readLoop = ReadLoopAsync();
    }

    private readonly Task _readLoop;

    /// <summary>Completes with the reason when the connection has ended. Never faults.</summary>
    public Task<string> Closed => _closed.Task;

    /// <summary>False once the connection has ended.</summary>
    public bool IsOpen => _closeReason is null;

    /// <summary>Requests that wait for their response.</summary>
    public int InFlightCount
    {
        get
        {
            lock (_gate) return _inFlight.Count;
        }
    }

    /// <summary>How long nothing has been sent or received; zero while a response is awaited.</summary>
    public TimeSpan IdleTime => InFlightCount > 0 ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastUsedTimestamp));

    /// <summary>Sends a request and waits for its response.</summary>
    /// <exception cref="DisconnectedException">The connection ended first, or the time-out passed (which ends it).</exception>
    /// <exception cref="UnsupportedVersionException">The request holds a value that <paramref name="version"/> cannot carry.</exception>
    public Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, short version, CancellationToken cancellationToken) where TResponse : IResponse, new() =>
        SendAsync(request, version, _options.RequestTimeout, cancellationToken);

    /// <inheritdoc cref="SendAsync{TResponse}(IRequest{TResponse}, short, CancellationToken)"/>
    public async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : IResponse, new()
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingResponse<TResponse>(ApiCatalog.Get(request.ApiKey), version, new MessageWriter());
        Send(pending, request, timeout);
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<TResponse>)state!).TrySetCanceled(token), pending.Completion);
        return await pending.Completion.Task;
    }

    /// <summary>As <see cref="SendAsync{TResponse}(IRequest{TResponse}, short, CancellationToken)"/>, with the response's bytes in pooled memory.</summary>
    public async Task<PooledResponse<TResponse>> SendPooledAsync<TResponse>(IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : IResponse, new()
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingPooledResponse<TResponse>(ApiCatalog.Get(request.ApiKey), version, new MessageWriter());
        Send(pending, request, timeout);
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<PooledResponse<TResponse>>)state!).TrySetCanceled(token), pending.Completion);
        return await pending.Completion.Task;
    }

    /// <summary>Sends a request that has no response (produce with acks=0); completes when it is written.</summary>
    public Task SendOneWayAsync(IRequest request, short version)
    {
        var pending = new PendingOneWay(ApiCatalog.Get(request.ApiKey), version, new MessageWriter());
        Send(pending, request, _options.RequestTimeout);
        return pending.Completion.Task;
    }

    /// <summary>Ends the connection: everything in flight fails with <see cref="DisconnectedException"/>.</summary>
    public void Close(string reason) => Close(reason, null);

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2016", Justification = "There is nothing to cancel with.")]
    public async ValueTask DisposeAsync()
    {
        Close("closed by this client", null);
        await _readLoop;
        await _connection.DisposeAsync();
        _stopping.Dispose();
    }

    private void Close(string reason, Exception? cause)
    {
        PendingRequest[] failed;
        lock (_gate)
        {
            if (_closeReason is not null) return;
            _closeReason = reason;
            _closeCause = cause;
            failed = [.. _inFlight];
            _inFlight.Clear();
        }

        RequestConnectionLog.Closed(_logger, _peer, reason, failed.Length);
        _deadlineTimer.Dispose();
        _stopping.Cancel();
        _connection.Abort(reason);
        foreach (var pending in failed) pending.Fail(Disconnected(pending.Api));
        _closed.TrySetResult(reason);
    }

    private DisconnectedException Disconnected(ApiDescriptor api) =>
        new($"{api.Name} request to {_peer} failed: {_closeReason}.", _closeCause);
}
