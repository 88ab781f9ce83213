using System.Buffers.Binary;
using Barnabas.Transport.Memory;
using Barnabas.Transport.Server;
using Barnabas.Transport.Sockets;

namespace Barnabas.Transport.Tests.Server;

/// <summary>A listener with an <see cref="EchoHandler"/> on a transport of its own, and helpers for a peer of it.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ServerFixture(ITransport transport, Listener listener, EchoHandler handler, RecordingLogger log, ConnectionQuotas quotas)
    {
        Transport = transport;
        Listener = listener;
        Handler = handler;
        Log = log;
        Quotas = quotas;
    }

    public ITransport Transport { get; }

    public Listener Listener { get; }

    public EchoHandler Handler { get; }

    public RecordingLogger Log { get; }

    public ConnectionQuotas Quotas { get; }

    public static async Task<ServerFixture> StartAsync(bool sockets, ServerOptions? options = null, ConnectionLimits? limits = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        ITransport transport = sockets ? new SocketTransport() : new MemoryTransport(time);
        var handler = new EchoHandler();
        var log = new RecordingLogger();
        var quotas = new ConnectionQuotas(limits ?? new ConnectionLimits());
        options ??= new ServerOptions { MaxRequestBytes = 1 << 20, MaxIdle = TimeSpan.FromMinutes(10) };
        var listener = await Listener.BindAsync("PLAINTEXT", "127.0.0.1", 0, transport, handler, options, quotas, time, log);
        listener.Start();
        return new ServerFixture(transport, listener, handler, log, quotas);
    }

    public async Task<ITransportConnection> ConnectAsync() =>
        await Transport.ConnectAsync("127.0.0.1", Listener.LocalEndPoint.Port, TestContext.Current.CancellationToken);

    public static async Task SendAsync(ITransportConnection connection, params byte[][] parts) =>
        await connection.SendAsync([.. parts.Select(p => (ReadOnlyMemory<byte>)p)], TestContext.Current.CancellationToken);

    public static byte[] Frame(params byte[] body)
    {
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }

    /// <summary>The body of the next response, or null at the end of the stream.</summary>
    public static async Task<byte[]?> ReceiveFrameAsync(ITransportConnection connection)
    {
        var prefix = await ReceiveExactlyAsync(connection, 4);
        return prefix is null ? null : await ReceiveExactlyAsync(connection, BinaryPrimitives.ReadInt32BigEndian(prefix));
    }

    public static async Task AssertNextAsync(ITransportConnection connection, params byte[] expected)
    {
        var received = await ReceiveFrameAsync(connection);
        Assert.Equal(expected, received);
    }

    public async Task<string> NextCloseReasonAsync()
    {
        Assert.True(await Handler.ClosedSignal.WaitAsync(Patience), "no connection was closed");
        Assert.True(Handler.CloseReasons.TryDequeue(out var reason));
        return reason;
    }

    public async ValueTask DisposeAsync()
    {
        Handler.Release();
        await Listener.DisposeAsync();
    }

    private static async Task<byte[]?> ReceiveExactlyAsync(ITransportConnection connection, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            int read;
            try
            {
                read = await connection.ReceiveAsync(bytes.AsMemory(got), patience.Token);
            }
            catch (TransportException)
            {
                return null;
            }
            if (read == 0)
                return null;
            got += read;
        }
        return bytes;
    }
}
