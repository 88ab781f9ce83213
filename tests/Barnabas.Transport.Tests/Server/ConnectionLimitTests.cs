using System.Net;
using Barnabas.Transport.Server;

namespace Barnabas.Transport.Tests.Server;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task One_connection_more_than_allowed_from_an_address_is_closed_at_once()
    {
        await using var server = await ServerFixture.StartAsync(sockets: true, limits: new ConnectionLimits { MaxConnectionsPerIp = 1 });
        await using var first = await server.ConnectAsync();
        await ServerFixture.SendAsync(first, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(first, 1);

        await using var second = await server.ConnectAsync();

        Assert.Null(await ServerFixture.ReceiveFrameAsync(second));
        Assert.Contains(server.Log.Warnings, w => w.Contains("max.connections.per.ip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_override_replaces_the_limit_of_an_address()
    {
        var limits = new ConnectionLimits { MaxConnectionsPerIp = 0, PerIpOverrides = new Dictionary<IPAddress, int> { [IPAddress.Loopback] = 1 } };
        await using var server = await ServerFixture.StartAsync(sockets: true, limits: limits);
        await using var peer = await server.ConnectAsync();

        await ServerFixture.SendAsync(peer, ServerFixture.Frame(1));

        await ServerFixture.AssertNextAsync(peer, 1);
    }

    [Fact]
    public async Task At_max_connections_the_next_one_waits_until_one_ends()
    {
        await using var server = await ServerFixture.StartAsync(sockets: true, limits: new ConnectionLimits { MaxConnections = 1 });
        var first = await server.ConnectAsync();
        await ServerFixture.SendAsync(first, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(first, 1);
        await using var second = await server.ConnectAsync();
        await ServerFixture.SendAsync(second, ServerFixture.Frame(2));
        Assert.Equal(1, server.Quotas.Total);

        await first.DisposeAsync();

        await ServerFixture.AssertNextAsync(second, 2);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_and_one_with_a_waiting_request_is_not()
    {
        var options = new ServerOptions { MaxRequestBytes = 1000, MaxIdle = TimeSpan.FromMilliseconds(200) };
        await using var server = await ServerFixture.StartAsync(sockets: false, options);
        await using var waiting = await server.ConnectAsync();
        await ServerFixture.SendAsync(waiting, ServerFixture.Frame((byte)'w'));
        Assert.True(await server.Handler.EnteredSignal.WaitAsync(ServerFixture.Patience));
        await using var idle = await server.ConnectAsync();

        Assert.Null(await ServerFixture.ReceiveFrameAsync(idle));
        Assert.Contains("connections.max.idle.ms", await server.NextCloseReasonAsync());
        server.Handler.Release();
        await ServerFixture.AssertNextAsync(waiting, (byte)'w');
    }
}
