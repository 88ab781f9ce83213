using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

public sealed class UnusedTailTests : IDisposable
{
    private readonly StorageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_tail_that_nobody_reads_is_given_up_and_read_from_the_file()
    {
        using var log = Filled();
        _fixture.Services.TailCache.GiveUpUnused();
        AssertRead(log, fromMemory: true);
        // One round without use: it was just read.
        _fixture.Services.TailCache.GiveUpUnused();
        _fixture.Services.TailCache.GiveUpUnused();
        AssertRead(log, fromMemory: false);
    }

    [Fact]
    public void A_tail_that_is_read_between_two_looks_stays()
    {
        using var log = Filled();
        for (var look = 0; look < 5; look++)
        {
            _fixture.Services.TailCache.GiveUpUnused();
            AssertRead(log, fromMemory: true);
        }
    }

    [Fact]
    public void Nothing_is_kept_in_memory_while_nobody_reads_at_the_end()
    {
        using var log = _fixture.Open();
        log.AppendAsLeader(Batches.Of("first"), 0);
        log.AppendAsLeader(Batches.Of("second"), 0);
        AssertRead(log, fromMemory: false);
    }

    [Fact]
    public void What_is_appended_is_in_memory_again_once_somebody_reads_at_the_end()
    {
        using var log = Filled();
        _fixture.Services.TailCache.GiveUpUnused();
        _fixture.Services.TailCache.GiveUpUnused();
        log.AppendAsLeader(Batches.Of("third"), 0);
        AssertRead(log, 2, fromMemory: false, "third");
        log.AppendAsLeader(Batches.Of("fourth"), 0);
        AssertRead(log, 3, fromMemory: true, "fourth");
        AssertRead(log, 2, fromMemory: false, "third", "fourth");
    }

    [Fact]
    public void A_reader_that_is_far_from_the_end_keeps_nothing_in_memory()
    {
        using var log = _fixture.Open(new LogConfig { SegmentBytes = 1_000_000 });
        for (var i = 0; i < 30; i++)
            log.AppendAsLeader(Batches.Of(new string('x', 1000)), 0);
        using (var far = log.Read(0, 1000, FetchIsolation.LogEnd, true))
            Assert.False(far.IsFromMemory);
        log.AppendAsLeader(Batches.Of("last"), 0);
        AssertRead(log, 30, fromMemory: false, "last");
    }

    [Fact]
    public void Records_being_sent_outlive_the_tail_they_came_from()
    {
        using var log = Filled();
        using var data = log.Read(0, 1000, FetchIsolation.LogEnd, true);
        _fixture.Services.TailCache.GiveUpUnused();
        _fixture.Services.TailCache.GiveUpUnused();
        log.AppendAsLeader(Batches.Of("other"), 0);
        Assert.Equal(["first"], Batches.Values(data.Records)[..1]);
    }

    private UnifiedLog Filled()
    {
        var log = _fixture.OpenAndFollow();
        log.AppendAsLeader(Batches.Of("first"), 0);
        log.AppendAsLeader(Batches.Of("second"), 0);
        return log;
    }

    private static void AssertRead(UnifiedLog log, bool fromMemory) => AssertRead(log, 0, fromMemory, "first", "second");

    private static void AssertRead(UnifiedLog log, long offset, bool fromMemory, params string[] values)
    {
        using var data = log.Read(offset, 1000, FetchIsolation.LogEnd, true);
        Assert.Equal(fromMemory, data.IsFromMemory);
        Assert.Equal(values, Batches.Values(data.Records));
    }
}
