using System.Net;
using Barnabas.Testing;
using Barnabas.Transport.Memory;
using Barnabas.Transport.Quotas;
using Barnabas.Transport.Server;
using Barnabas.Transport.Tests.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Transport.Tests.Quotas;

public sealed class ThrottlingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_muted_connection_sends_its_answer_and_takes_the_next_request_only_when_the_time_is_over()
    {
        var time = new ManualTimeProvider(Start);
        var handler = new MutingHandler(TimeSpan.FromSeconds(3));
        await using var server = await ServeAsync(handler, time);
        await using var peer = await server.ConnectAsync();

        await ServerFixture.SendAsync(peer, ServerFixture.Frame(1), ServerFixture.Frame(2));
        await ServerFixture.AssertNextAsync(peer, 1);
        Assert.Equal(1, handler.Entered);

        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(1, handler.Entered);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await ServerFixture.AssertNextAsync(peer, 2);
    }

    [Fact]
    public async Task A_muted_connection_ends_at_once_when_it_is_closed()
    {
        var time = new ManualTimeProvider(Start);
        var handler = new MutingHandler(TimeSpan.FromHours(1));
        await using var server = await ServeAsync(handler, time);
        await using var peer = await server.ConnectAsync();
        await ServerFixture.SendAsync(peer, ServerFixture.Frame(1), ServerFixture.Frame(2));
        await ServerFixture.AssertNextAsync(peer, 1);

        handler.Connection!.Close("the test wants it so");

        Assert.True(await handler.Closed.WaitAsync(ServerFixture.Patience));
        Assert.Equal(1, handler.Entered);
    }

    [Fact]
    public async Task Connections_that_come_faster_than_their_address_may_are_held_and_closed()
    {
        var time = new ManualTimeProvider(Start);
        var rates = new ConnectionRates(11, TimeSpan.FromSeconds(1), time)
        {
            Limits = new ConnectionRateLimits { PerAddress = new Dictionary<IPAddress, double> { [IPAddress.Loopback] = 0.2 } },
        };
        var log = new RecordingLogger();
        await using var server = await ServeAsync(new MutingHandler(TimeSpan.Zero), time, rates, log);
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        await ServerFixture.SendAsync(second, ServerFixture.Frame(2));
        await ServerFixture.AssertNextAsync(second, 2);

        await using var third = await server.ConnectAsync();
        // Two were accepted, and now one is held: seen any later, it would be welcome.
        await log.AwaitAsync(3, TestContext.Current.CancellationToken);
        var end = ServerFixture.ReceiveFrameAsync(third);
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.Null(await end);

        // The window has moved on: the address is welcome again.
        time.Advance(TimeSpan.FromSeconds(11));
        await using var fourth = await server.ConnectAsync();
        await ServerFixture.SendAsync(fourth, ServerFixture.Frame(4));
        await ServerFixture.AssertNextAsync(fourth, 4);
    }

    [Fact]
    public async Task A_listener_past_its_rate_serves_the_next_connection_later()
    {
        var time = new ManualTimeProvider(Start);
        var rates = new ConnectionRates(11, TimeSpan.FromSeconds(1), time)
        {
            Limits = new ConnectionRateLimits { PerListener = new Dictionary<string, double> { ["PLAINTEXT"] = 0.1 } },
        };
        await using var server = await ServeAsync(new MutingHandler(TimeSpan.Zero), time, rates);
        await using var first = await server.ConnectAsync();
        await ServerFixture.SendAsync(first, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(first, 1);
        await using var second = await server.ConnectAsync();
        await ServerFixture.SendAsync(second, ServerFixture.Frame(2));

        var answer = ServerFixture.ReceiveFrameAsync(second);
        var waited = TimeSpan.Zero;
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            waited += TimeSpan.FromMilliseconds(50);
            await Task.Yield();
        }
        Assert.Equal([2], await answer);
        Assert.True(waited >= TimeSpan.FromMilliseconds(950), $"served after {waited}");
    }

    private static async Task<Server> ServeAsync(IFrameHandler handler, TimeProvider time, ConnectionRates? rates = null, ILogger? log = null)
    {
        var transport = new MemoryTransport(time);
        var options = new ServerOptions { MaxRequestBytes = 1 << 20, MaxIdle = TimeSpan.Zero };
        var listener = await Listener.BindAsync(
            "PLAINTEXT", "127.0.0.1", 0, transport, handler, options, new ConnectionQuotas(new ConnectionLimits(), rates), time, log ?? NullLogger.Instance);
        listener.Start();
        return new Server(transport, listener);
    }

    private sealed class Server(MemoryTransport transport, Listener listener) : IAsyncDisposable
    {
        public async Task<ITransportConnection> ConnectAsync() =>
            await transport.ConnectAsync("127.0.0.1", listener.LocalEndPoint.Port, TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }

    /// <summary>Echoes, and mutes the connection with each answer.</summary>
    private sealed class MutingHandler(TimeSpan mute) : IFrameHandler
    {
        private readonly EchoHandler _echo = new();
        private int _entered;

        public int Entered => Volatile.Read(ref _entered);

        public ServerConnection? Connection { get; private set; }

        public SemaphoreSlim Closed => _echo.ClosedSignal;

        public ValueTask<IOutgoingFrame?> HandleAsync(ServerConnection connection, Frame frame)
        {
            Interlocked.Increment(ref _entered);
            Connection = connection;
            if (mute > TimeSpan.Zero)
                connection.Mute(mute);
            return _echo.HandleAsync(connection, frame);
        }

        public void OnClosed(ServerConnection connection) => _echo.OnClosed(connection);
    }
}
