using System.Net;
using System.Net.Sockets;
using Barnabas.Protocol.Buffers;

namespace Barnabas.Transport.Sockets;

/// <summary>One TCP connection. Receives and sends complete inline whenever the kernel has room, so the fast path stays on the caller's thread.</summary>
internal sealed class SocketConnection : ITransportConnection
{
    private const int PartBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly GatheredSender _sender;
    private List<ReadOnlyMemory<byte>>? _betweenFiles;
    private string? _abortReason;

    public SocketConnection(Socket socket)
    {
        _socket = socket;
        // What is sent from a file must come back where there is no room, and not wait in the system.
        if (FileSender.IsSupported)
            socket.Blocking = false;
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
            if (FileSender.IsSupported && HasFile(gathered))
                await SendWithFilesAsync(gathered, cancellationToken);
            else
                await SendMemoryAsync(gathered, cancellationToken);
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

    private static bool HasFile(IReadOnlyList<ReadOnlyMemory<byte>> gathered)
    {
        for (var i = 0; i < gathered.Count; i++)
        {
            if (FileMemory.TryGet(gathered[i], out _, out _, out _))
                return true;
        }
        return false;
    }

    private async ValueTask SendMemoryAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered, CancellationToken cancellationToken)
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

    private async ValueTask SendWithFilesAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered, CancellationToken cancellationToken)
    {
        var before = _betweenFiles ??= [];
        for (var i = 0; i < gathered.Count; i++)
        {
            if (!FileMemory.TryGet(gathered[i], out var file, out var start, out var length))
            {
                before.Add(gathered[i]);
                continue;
            }
            await SendMemoryAsync(before, cancellationToken);
            before.Clear();
            await SendFileAsync(file, start, length, cancellationToken);
        }
        await SendMemoryAsync(before, cancellationToken);
        before.Clear();
    }

    private async ValueTask SendFileAsync(FileMemory file, int start, int length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sent = FileSender.Send(_socket.SafeHandle, file.Handle, file.Position + start, length);
            if (sent == 0)
                sent = await SendPartAsync(file, start, Math.Min(length, PartBytes), cancellationToken);
            start += sent;
            length -= sent;
        }
    }

    // Where the socket is full, the next part goes by way of memory: its sending waits for room.
    private async ValueTask<int> SendPartAsync(FileMemory file, int start, int length, CancellationToken cancellationToken)
    {
        var part = ByteArrayPool.Instance.Rent(length);
        try
        {
            file.Read(start, part.AsSpan(0, length));
            return await _socket.SendAsync(part.AsMemory(0, length), SocketFlags.None, cancellationToken);
        }
        catch (IOException error)
        {
            throw new TransportException($"Connection to {RemoteEndPoint} cannot be sent what was announced: {error.Message}", error);
        }
        finally
        {
            ByteArrayPool.Instance.Return(part);
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
