using System.Collections.Concurrent;
using Barnabas.Transport.Server;

namespace Barnabas.Transport.Tests.Server;

/// <summary>What a request leaves behind for others is done when its own response is on its way.</summary>
public sealed class AfterResponseTests
{
    [Theory, MemberData(nameof(RequestOrderTests.OverSockets), MemberType = typeof(RequestOrderTests))]
    public async Task Work_left_behind_is_done_after_the_response_left(bool sockets)
    {
        await using var server = await ServerFixture.StartAsync(sockets);
        await using var peer = await server.ConnectAsync();
        var work = new Work(connection => connection.InFlight);
        server.Handler.Entering = work.Leave;

        await ServerFixture.SendAsync(peer, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(peer, 1);

        Assert.Equal(0, await work.NextAsync());
    }

    [Fact]
    public async Task However_much_is_left_behind_all_of_it_is_done()
    {
        await using var server = await ServerFixture.StartAsync(sockets: true);
        await using var peer = await server.ConnectAsync();
        var work = new Work(_ => 1);
        server.Handler.Entering = connection =>
        {
            for (var i = 0; i < 100; i++)
                work.Leave(connection);
        };

        await ServerFixture.SendAsync(peer, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(peer, 1);

        for (var i = 0; i < 100; i++)
            await work.NextAsync();
    }

    [Fact]
    public async Task Work_of_a_request_that_fails_is_done()
    {
        await using var server = await ServerFixture.StartAsync(sockets: false);
        await using var peer = await server.ConnectAsync();
        var work = new Work(_ => 1);
        server.Handler.Entering = connection =>
        {
            work.Leave(connection);
            throw new FrameException("refused");
        };

        await ServerFixture.SendAsync(peer, ServerFixture.Frame(1));

        Assert.Equal("refused", await server.NextCloseReasonAsync());
        Assert.Equal(1, await work.NextAsync());
    }

    [Fact]
    public async Task Work_of_no_request_is_done_by_the_thread_pool()
    {
        var work = new Work(_ => Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
        var thread = new Thread(() => work.Leave(null!));
        thread.Start();
        Assert.Equal(1, await work.NextAsync());
    }

    private sealed class Work(Func<ServerConnection, int> look)
    {
        private readonly ConcurrentQueue<int> _seen = new();
        private readonly SemaphoreSlim _done = new(0);

        public void Leave(ServerConnection connection) => AfterResponse.Run(new Item(() =>
        {
            _seen.Enqueue(look(connection));
            _done.Release();
        }));

        public async Task<int> NextAsync()
        {
            Assert.True(await _done.WaitAsync(ServerFixture.Patience), "the work was not done");
            Assert.True(_seen.TryDequeue(out var seen));
            return seen;
        }
    }

    private sealed class Item(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}
