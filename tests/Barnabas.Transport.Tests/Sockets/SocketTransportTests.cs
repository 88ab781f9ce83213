using System.Net.Sockets;
using Barnabas.Transport.Sockets;

namespace Barnabas.Transport.Tests.Sockets;

public sealed class SocketTransportTests
{
    private readonly SocketTransport _transport = new();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("")]
    public async Task A_second_node_cannot_share_the_port_of_the_first(string host)
    {
        await using var first = await _transport.ListenAsync(host, 0);
        var error = await Assert.ThrowsAsync<TransportException>(async () => await _transport.ListenAsync(host, first.LocalEndPoint.Port));
        Assert.Equal($"Socket server failed to bind to {host}:{first.LocalEndPoint.Port}: Address already in use.", error.Message);
    }

    [Fact]
    public async Task A_port_may_be_bound_again_while_its_old_connections_linger()
    {
        var first = await _transport.ListenAsync("127.0.0.1", 0);
        var port = first.LocalEndPoint.Port;
        await using var client = await _transport.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        var accepted = await first.AcceptAsync(TestContext.Current.CancellationToken);
        // The side that closes first keeps the connection for a minute (TIME_WAIT).
        await accepted!.DisposeAsync();
        await first.DisposeAsync();
        await using var second = await _transport.ListenAsync("127.0.0.1", port);
        Assert.Equal(port, second.LocalEndPoint.Port);
    }

    [Fact]
    public async Task A_peer_that_is_not_read_can_send_less_where_receive_buffers_are_small()
    {
        var small = await SentUnreadAsync(new SocketTransport(new SocketOptions { ReceiveBufferBytes = 8 * 1024 }));
        var usual = await SentUnreadAsync(_transport);
        Assert.InRange(small, 1, usual / 2);
    }

    [Fact]
    public async Task A_connection_takes_less_to_send_where_send_buffers_are_small()
    {
        var small = await TakenUnsentAsync(new SocketTransport(new SocketOptions { SendBufferBytes = 8 * 1024 }));
        var usual = await TakenUnsentAsync(_transport);
        Assert.InRange(small, 1, usual / 2);
    }

    [Fact]
    public async Task Other_buffers_than_those_of_a_transport_can_be_asked_for()
    {
        var usual = (await SentUnreadAsync(_transport), await TakenUnsentAsync(_transport));
        Assert.InRange(await SentUnreadAsync(_transport.WithBuffers(8 * 1024, null)), 1, usual.Item1 / 2);
        Assert.InRange(await TakenUnsentAsync(_transport.WithBuffers(null, 8 * 1024)), 1, usual.Item2 / 2);
    }

    // What a peer gets rid of before its socket would block.
    private static async Task<int> SentUnreadAsync(ITransport transport)
    {
        await using var listener = await transport.ListenAsync("127.0.0.1", 0);
        using var peer = new Socket(SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 4 * 1024 };
        await peer.ConnectAsync(listener.LocalEndPoint, TestContext.Current.CancellationToken);
        await using var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        peer.Blocking = false;
        return await FillAsync(() => peer.Send(new byte[1024]));
    }

    // What a connection takes whose peer does not read.
    private static async Task<int> TakenUnsentAsync(ITransport transport)
    {
        await using var listener = await transport.ListenAsync("127.0.0.1", 0);
        using var peer = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * 1024 };
        await peer.ConnectAsync(listener.LocalEndPoint, TestContext.Current.CancellationToken);
        await using var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        var taken = 0;
        for (var sending = Task.CompletedTask; sending.IsCompletedSuccessfully; taken += 1024)
            sending = accepted!.SendAsync([new byte[1024]], CancellationToken.None).AsTask();
        return taken;
    }

    private static async Task<int> FillAsync(Func<int> send)
    {
        var sent = 0;
        // The kernel moves what was sent to the other side a moment later: full is what stays full.
        for (var refused = 0; refused < 20;)
        {
            try
            {
                sent += send();
                refused = 0;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
            {
                refused++;
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }

        return sent;
    }
}
