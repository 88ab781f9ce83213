using Barnabas.Raft.Threading;

namespace Barnabas.Raft.Tests;

public sealed class EventLoopTests
{
    [Fact]
    public void A_loop_that_was_never_started_ends_when_it_is_closed()
    {
        using var loop = new EventLoop("test", TimeProvider.System, ownThread: true);
        loop.Post(() => { });
        loop.Close();
        Assert.True(loop.Completion.IsCompletedSuccessfully);
    }
}
