using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Server;

/// <summary>
/// One accepted connection: a read loop that enters requests in order, a write loop that sends responses in order, and one recorded reason why it ended.
/// Both loops own nothing of each other but the <see cref="ResponseQueue"/>; <see cref="Close"/> may come from any thread.
/// </summary>
public sealed class ServerConnection
{
    private const long MaxGatheredBytes = 256 * 1024;

    private readonly ITransportConnection _connection;
    private readonly IFrameHandler _handler;
    private readonly FrameReader _reader;
    private readonly ResponseQueue _responses;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closed = new();
    private readonly List<IThreadPoolWorkItem> _leftBehind = [];
    private long _lastActivity;
    private long _mutedUntil = long.MinValue;
    private string? _closeReason;

    internal ServerConnection(long id, string listenerName, ITransportConnection connection, IFrameHandler handler, ServerOptions options, TimeProvider time, ILogger logger)
    {
        Id = id;
        ListenerName = listenerName;
        _connection = connection;
        _handler = handler;
        _reader = new FrameReader(connection, options.MaxRequestBytes);
        _responses = new ResponseQueue(options);
        _time = time;
        _logger = logger;
        _lastActivity = time.GetTimestamp();
        Closed = _closed.Token;
    }

    /// <summary>Unique in this process.</summary>
    public long Id { get; }

    /// <summary>The listener it came in by.</summary>
    public string ListenerName { get; }

    /// <summary>The peer.</summary>
    public IPEndPoint RemoteEndPoint => _connection.RemoteEndPoint;

    /// <summary>This side.</summary>
    public IPEndPoint LocalEndPoint => _connection.LocalEndPoint;

    /// <summary>Cancelled when the connection ends: waiting handlers give up.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Why it ended; null while it stands.</summary>
    public string? CloseReason => Volatile.Read(ref _closeReason);

    /// <summary>Requests at work.</summary>
    public int InFlight => _responses.InFlight;

    /// <summary>Whether the peer, as far as can be seen, waits for the answer to the request that is being entered: nothing that came before or after it is unanswered.</summary>
    public bool IsWaitedFor => !_reader.HasPartialFrame && InFlight == 1;

    /// <summary>What the peer says it runs (KIP-511); "unknown" until it says so.</summary>
    public string SoftwareName { get; set; } = "unknown";

    /// <summary>The version of that.</summary>
    public string SoftwareVersion { get; set; } = "unknown";

    /// <summary>What the handler keeps for this connection.</summary>
    public object? Session { get; set; }

    /// <summary>The certificate that the peer has shown and that is trusted, or null.</summary>
    public X509Certificate2? PeerCertificate => _connection.PeerCertificate;

    /// <summary>The largest frame accepted from now on, in bytes: little of a peer that has not said who it is.</summary>
    public int MaxRequestBytes
    {
        get => _reader.MaxFrameBytes;
        set => _reader.MaxFrameBytes = value;
    }

    /// <summary>Ends the connection; the first reason is the one kept. Never throws.</summary>
    public void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, reason, null) is not null)
            return;
        _connection.Abort(reason);
        _responses.Close();
        _ = _closed.CancelAsync();
    }

    /// <summary>As <see cref="Close"/>, but what was sent still reaches the peer: for a last response that tells why.</summary>
    public void CloseSent(string reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, reason, null) is not null)
            return;
        _ = _connection.DisposeAsync().AsTask();
        _responses.Close();
        _ = _closed.CancelAsync();
    }

    /// <summary>
    /// Takes up no further request for a while, beginning after the one at work: how a client that exceeded its quota is slowed down (KIP-219).
    /// A longer time replaces a shorter one.
    /// </summary>
    public void Mute(TimeSpan duration)
    {
        var until = _time.GetTimestamp() + (long)(duration.TotalSeconds * _time.TimestampFrequency);
        var current = Interlocked.Read(ref _mutedUntil);
        while (current < until && Interlocked.CompareExchange(ref _mutedUntil, until, current) is var seen && seen != current)
            current = seen;
    }

    internal bool IsIdleFor(TimeSpan maxIdle) =>
        _time.GetElapsedTime(Interlocked.Read(ref _lastActivity)) >= maxIdle && MutedFor() <= TimeSpan.Zero && (InFlight == 0 || _responses.HasUnsent);

    /// <summary>Runs both loops to the end. Never throws.</summary>
    internal async Task RunAsync()
    {
        var writing = WriteAsync();
        try
        {
            await ReadAsync();
        }
        catch (FrameException e)
        {
            TransportLog.BadFrame(_logger, RemoteEndPoint, ListenerName, e.Message);
            Close(e.Message);
        }
        catch (TransportException e)
        {
            Close(e.Message);
        }
        catch (OperationCanceledException)
        {
            Close("closed");
        }
        catch (Exception e)
        {
            TransportLog.HandlerFailed(_logger, RemoteEndPoint, ListenerName, e);
            Close("an internal error");
        }
        RunLeftBehind();
        await writing;
        _reader.Release();
        await _connection.DisposeAsync();
        TransportLog.Closed(_logger, RemoteEndPoint, ListenerName, CloseReason!);
        _handler.OnClosed(this);
    }

    private async Task ReadAsync()
    {
        do
        {
            while (_reader.TryRead(out var frame))
            {
                if (!_responses.HasRoom)
                {
                    Respond();
                    await _responses.WaitForRoomAsync();
                }
                if (Interlocked.Read(ref _mutedUntil) != long.MinValue)
                    await WaitWhileMutedAsync();
                if (CloseReason is not null)
                {
                    frame.Dispose();
                    return;
                }
                EnterRequest(frame);
            }
            Respond();
            if (CloseReason is not null)
                return;
            if (!await _reader.ReceiveAsync(Closed))
            {
                Close(_reader.HasPartialFrame ? "the peer closed in the middle of a frame" : "the peer closed");
                return;
            }
            Touch();
        }
        while (true);
    }

    private async ValueTask WaitWhileMutedAsync()
    {
        // What is answered leaves now: it tells the client for how long it is muted.
        Respond();
        while (CloseReason is null && MutedFor() is var left && left > TimeSpan.Zero)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _time, Closed);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        var until = Interlocked.Read(ref _mutedUntil);
        if (until <= _time.GetTimestamp())
            Interlocked.CompareExchange(ref _mutedUntil, long.MinValue, until);
    }

    private TimeSpan MutedFor()
    {
        var until = Interlocked.Read(ref _mutedUntil);
        return until == long.MinValue ? TimeSpan.Zero : _time.GetElapsedTime(_time.GetTimestamp(), until);
    }

    private void EnterRequest(Frame frame)
    {
        var place = _responses.Enter();
        var outer = AfterResponse.Collect(_leftBehind);
        ValueTask<IOutgoingFrame?> handling;
        try
        {
            handling = _handler.HandleAsync(this, frame);
        }
        finally
        {
            AfterResponse.Collect(outer);
        }
        if (handling.IsCompletedSuccessfully)
            _responses.Complete(place, handling.Result);
        else
            _ = CompleteLaterAsync(place, handling);
    }

    private void Respond()
    {
        _responses.Signal();
        RunLeftBehind();
    }

    private void RunLeftBehind()
    {
        foreach (var work in _leftBehind)
            work.Execute();
        _leftBehind.Clear();
    }

    private async Task CompleteLaterAsync(long place, ValueTask<IOutgoingFrame?> handling)
    {
        try
        {
            _responses.Complete(place, await handling);
            _responses.Signal();
        }
        catch (FrameException e)
        {
            TransportLog.BadFrame(_logger, RemoteEndPoint, ListenerName, e.Message);
            Close(e.Message);
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested)
        {
            Close("closed");
        }
        catch (Exception e)
        {
            TransportLog.HandlerFailed(_logger, RemoteEndPoint, ListenerName, e);
            Close("an internal error");
        }
    }

    private async Task WriteAsync()
    {
        List<IOutgoingFrame> frames = [];
        List<ReadOnlyMemory<byte>> segments = [];
        try
        {
            while (await _responses.WaitForReadyAsync())
            {
                _responses.Dequeue(frames, MaxGatheredBytes);
                if (frames.Count == 0)
                    continue;
                var bytes = 0L;
                foreach (var frame in frames)
                {
                    frame.AppendTo(segments);
                    bytes += frame.LengthInBytes;
                }
                await _connection.SendAsync(segments, CancellationToken.None);
                Touch();
                segments.Clear();
                DisposeAll(frames);
                _responses.Sent(bytes);
            }
        }
        catch (IOException e)
        {
            // The connection is broken, or a file that was to be sent cannot be read.
            Close(e.Message);
        }
        finally
        {
            DisposeAll(frames);
        }
    }

    private static void DisposeAll(List<IOutgoingFrame> frames)
    {
        foreach (var frame in frames)
            frame.Dispose();
        frames.Clear();
    }

    private void Touch() => Interlocked.Exchange(ref _lastActivity, _time.GetTimestamp());
}
