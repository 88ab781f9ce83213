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
}
