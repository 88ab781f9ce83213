using System.Net;
using System.Net.Sockets;

namespace Barnabas.Transport.Sockets;

/// <summary>One TCP connection. Receives and sends complete inline whenever the kernel has room, so the fast path stays on the caller's thread.</summary>
internal sealed class SocketConnection : ITransportConnection
{
    private readonly Socket _socket;
    private readonly GatheredSender _sender;
    private string? _abortReason;

    public SocketConnection(Socket socket)
    {
        _socket = socket;
        _sender = new GatheredSender(socket);
        RemoteEndPoint = Unmapped((IPEndPoint)socket.RemoteEndPoint!);
        LocalEndPoint = Unmapped((IPEndPoint)socket.LocalEndPoint!);
    }

    public IPEndPoint RemoteEndPoint { get; }

    public IPEndPoint LocalEndPoint { get; }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Broken(e);
        }
    }

    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered, CancellationToken cancellationToken)
    {
        try
        {
            if (gathered.Count == 1)
            {
                // The socket sends all of it or fails: on every system .NET loops over partial writes.
                await _socket.SendAsync(gathered[0], SocketFlags.None, cancellationToken);
            }
            else if (gathered.Count > 1)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await using var registration = cancellationToken.CanBeCanceled
                    ? cancellationToken.UnsafeRegister(static c => ((SocketConnection)c!).Abort("a send was cancelled"), this)
                    : default;
                await _sender.SendAsync(gathered);
            }
        }
        catch (OperationCanceledException)
        {
            Abort("a send was cancelled");
            throw;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Broken(e);
        }
    }

    public void Abort(string reason)
    {
        if (Interlocked.CompareExchange(ref _abortReason, reason, null) is null)
            _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.CompareExchange(ref _abortReason, "closed", null) is null)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The peer closed first: nothing is left to shut down.
            }
            _socket.Dispose();
        }
        _sender.Dispose();
        return ValueTask.CompletedTask;
    }

    private TransportException Broken(Exception e) =>
        new(Volatile.Read(ref _abortReason) is { } reason ? $"Connection to {RemoteEndPoint} was closed here: {reason}" : $"Connection to {RemoteEndPoint} is broken: {e.Message}", e);

    private static IPEndPoint Unmapped(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
