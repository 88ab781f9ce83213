using Barnabas.Transport.Server;

namespace Barnabas.Transport.Tests.Server;

public sealed class RequestOrderTests
{
    public static TheoryData<bool> OverSockets => [false, true];

    [Theory, MemberData(nameof(OverSockets))]
    public async Task A_request_is_answered(bool sockets)
    {
        await using var server = await ServerFixture.StartAsync(sockets);
        await using var peer = await server.ConnectAsync();

        await ServerFixture.SendAsync(peer, ServerFixture.Frame(1, 2, 3));

        await ServerFixture.AssertNextAsync(peer, 1, 2, 3);
    }

    [Theory, MemberData(nameof(OverSockets))]
    public async Task A_waiting_handler_lets_the_next_requests_in_and_holds_back_their_responses(bool sockets)
    {
        await using var server = await ServerFixture.StartAsync(sockets);
        await using var peer = await server.ConnectAsync();

        await ServerFixture.SendAsync(peer, ServerFixture.Frame((byte)'w'), ServerFixture.Frame(2), ServerFixture.Frame((byte)'n'), ServerFixture.Frame(3));
        for (var i = 0; i < 4; i++)
            Assert.True(await server.Handler.EnteredSignal.WaitAsync(ServerFixture.Patience));
        server.Handler.Release();

        await ServerFixture.AssertNextAsync(peer, (byte)'w');
        await ServerFixture.AssertNextAsync(peer, 2);
        await ServerFixture.AssertNextAsync(peer, 3);
        Assert.Equal(new byte[] { (byte)'w', 2, (byte)'n', 3 }, server.Handler.Entered.ToArray());
    }

    [Fact]
    public async Task Requests_past_the_in_flight_limit_stay_outside_until_one_is_answered()
    {
        var options = new ServerOptions { MaxRequestBytes = 1000, MaxIdle = TimeSpan.FromMinutes(1), MaxInFlightRequests = 2 };
        await using var server = await ServerFixture.StartAsync(sockets: false, options);
        await using var peer = await server.ConnectAsync();

        await ServerFixture.SendAsync(peer, ServerFixture.Frame((byte)'w'), ServerFixture.Frame(1), ServerFixture.Frame(2), ServerFixture.Frame(3));
        Assert.True(await server.Handler.EnteredSignal.WaitAsync(ServerFixture.Patience));
        Assert.True(await server.Handler.EnteredSignal.WaitAsync(ServerFixture.Patience));
        Assert.Equal(2, server.Handler.Entered.Count);
        server.Handler.Release();

        foreach (var expected in new byte[] { (byte)'w', 1, 2, 3 })
            await ServerFixture.AssertNextAsync(peer, expected);
    }

    [Theory, MemberData(nameof(OverSockets))]
    public async Task Large_requests_and_small_ones_behind_them_arrive_whole(bool sockets)
    {
        await using var server = await ServerFixture.StartAsync(sockets, new ServerOptions { MaxRequestBytes = 64 << 20, MaxIdle = TimeSpan.FromMinutes(1) });
        await using var peer = await server.ConnectAsync();
        byte[][] bodies = [Bytes(5 << 20), [1], Bytes(30 << 20), Bytes((4 << 20) + 1), [2, 3], Bytes(100)];

        var sending = ServerFixture.SendAsync(peer, [.. bodies.Select(ServerFixture.Frame)]);

        foreach (var expected in bodies)
        {
            var received = await ServerFixture.ReceiveFrameAsync(peer);
            Assert.True(expected.AsSpan().SequenceEqual(received), $"the frame of {expected.Length} bytes came back otherwise");
        }

        await sending;

        static byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            bytes[0] = 0;
            return bytes;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Frames_of_any_size_survive_any_split(int bytesPerReceive)
    {
        await using var server = await ServerFixture.StartAsync(sockets: false);
        ((Barnabas.Transport.Memory.MemoryTransport)server.Transport).Faults.MaxBytesPerReceive = bytesPerReceive;
        await using var peer = await server.ConnectAsync();
        var random = new Random(bytesPerReceive);
        var bodies = new List<byte[]>();
        for (var i = 0; i < 40; i++)
        {
            var body = new byte[1 + random.Next(i % 8 == 0 ? 90_000 : 300)];
            random.NextBytes(body);
            body[0] = 1;
            bodies.Add(body);
        }

        var sending = ServerFixture.SendAsync(peer, [.. bodies.Select(b => ServerFixture.Frame(b))]);

        foreach (var body in bodies)
            Assert.Equal(body, await ServerFixture.ReceiveFrameAsync(peer));
        await sending;
    }

    [Fact]
    public async Task Frames_of_any_size_come_back_over_sockets()
    {
        await using var server = await ServerFixture.StartAsync(sockets: true);
        await using var peer = await server.ConnectAsync();
        var random = new Random(4711);
        for (var i = 0; i < 60; i++)
        {
            var body = new byte[1 + random.Next(i % 5 == 0 ? 1_000_000 : 20_000)];
            random.NextBytes(body);
            body[0] = 1;
            var sending = ServerFixture.SendAsync(peer, ServerFixture.Frame(body));
            Assert.Equal(body, await ServerFixture.ReceiveFrameAsync(peer));
            await sending;
        }
    }
}
