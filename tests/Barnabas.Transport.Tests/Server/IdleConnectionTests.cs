using Barnabas.Transport.Server;

namespace Barnabas.Transport.Tests.Server;

/// <summary>
/// What connections hold that ask for nothing. The heap that is measured is the whole process', so no other test runs beside these.
/// </summary>
[Collection(Alone.Name)]
public sealed class IdleConnectionTests
{
    [Fact]
    public async Task A_length_prefix_alone_makes_the_reader_hold_no_more_than_a_receive_buffer()
    {
        await using var server = await ServerFixture.StartAsync(sockets: false, new ServerOptions { MaxRequestBytes = 100 << 20, MaxIdle = TimeSpan.FromMinutes(1) });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peers = new List<ITransportConnection>();
        for (var i = 0; i < 200; i++)
        {
            var peer = await server.ConnectAsync();
            peers.Add(peer);
            await ServerFixture.SendAsync(peer, [0x05, 0, 0, 0, 1]);
        }
        await using var good = await server.ConnectAsync();
        await ServerFixture.SendAsync(good, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(good, 1);

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.True(held < 200 * 64 * 1024, $"200 prefixes of 80 MiB hold {held} bytes");
        foreach (var peer in peers)
            await peer.DisposeAsync();
    }

    [Fact]
    public async Task Two_thousand_idle_connections_hold_little_and_others_are_served()
    {
        await using var server = await ServerFixture.StartAsync(sockets: true);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var idle = new List<ITransportConnection>();
        for (var i = 0; i < 2000; i++)
            idle.Add(await server.ConnectAsync());
        await using var good = await server.ConnectAsync();

        await ServerFixture.SendAsync(good, ServerFixture.Frame(1));

        await ServerFixture.AssertNextAsync(good, 1);
        // Both ends live in this process, so the server's share is less than half of this.
        var perConnection = (GC.GetTotalMemory(forceFullCollection: true) - before) / idle.Count;
        Assert.True(perConnection < 20_000, $"{perConnection} bytes for both ends of an idle connection");
        foreach (var peer in idle)
            await peer.DisposeAsync();
    }
}
