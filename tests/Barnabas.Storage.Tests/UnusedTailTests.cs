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
    public void What_is_appended_after_a_tail_was_given_up_is_in_memory_again()
    {
        using var log = Filled();
        _fixture.Services.TailCache.GiveUpUnused();
        _fixture.Services.TailCache.GiveUpUnused();
        log.AppendAsLeader(Batches.Of("later"), 0);
        using var data = log.Read(2, 1000, FetchIsolation.LogEnd, true);
        Assert.True(data.IsFromMemory);
        Assert.Equal(["later"], Batches.Values(data.Records));
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
        var log = _fixture.Open();
        log.AppendAsLeader(Batches.Of("first"), 0);
        log.AppendAsLeader(Batches.Of("second"), 0);
        return log;
    }

    private static void AssertRead(UnifiedLog log, bool fromMemory)
    {
        using var data = log.Read(0, 1000, FetchIsolation.LogEnd, true);
        Assert.Equal(fromMemory, data.IsFromMemory);
        Assert.Equal(["first", "second"], Batches.Values(data.Records));
    }
}
