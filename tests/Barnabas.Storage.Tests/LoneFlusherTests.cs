using Barnabas.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Storage.Tests;

/// <summary>Who alone waits for a quick disk flushes by itself; everyone else leaves it to the storage threads.</summary>
public sealed class LoneFlusherTests
{
    private static readonly TimeSpan Quick = TimeSpan.FromMicroseconds(150);
    private readonly LoneFlusher _flusher = new();

    [Fact]
    public void Who_asks_again_and_again_flushes_by_itself()
    {
        Assert.Equal([false, false, false, false, true, true], Ask(7, times: 6));
    }

    [Fact]
    public void Who_has_more_to_do_never_flushes_by_itself()
    {
        Assert.DoesNotContain(true, Ask(0, times: 20));
    }

    [Fact]
    public void Two_who_ask_in_turn_share_the_storage_threads_flushes()
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal([false, false], [.. Ask(7, times: 1), .. Ask(8, times: 1)]);
    }

    [Fact]
    public void Another_one_who_asks_in_between_begins_the_count_anew()
    {
        Ask(7, times: 10);
        Ask(8, times: 1);
        Assert.Equal([false, false, false, false, true], Ask(7, times: 5));
    }

    [Fact]
    public void A_slow_disk_is_waited_for_by_the_storage_threads_until_it_is_quick_again()
    {
        Ask(7, times: 10);
        _flusher.Note(TimeSpan.FromMilliseconds(100));
        var handedOver = 0;
        for (; !_flusher.IsFor(7); handedOver++)
            _flusher.Note(Quick);
        Assert.InRange(handedOver, 10, 40);
    }

    [Fact]
    public void A_disk_that_turns_always_takes_the_storage_threads()
    {
        for (var i = 0; i < 20; i++)
        {
            _flusher.Note(TimeSpan.FromMilliseconds(8));
            if (i > 2)
                Assert.False(_flusher.IsFor(7));
        }
    }

    [Fact]
    public async Task The_flush_of_who_is_alone_is_done_when_it_has_asked()
    {
        using var fixture = new StorageFixture();
        using var workers = new StorageWorkers(fixture.Time, NullLogger.Instance, threads: 1);
        var services = StorageFixture.ServicesOn(fixture.Disk, fixture.Time, StorageFixture.SmallDecompression(), workers);
        using var log = UnifiedLog.Open(services, new LogDirectoryState(StorageFixture.LogDir, NullLogger.Instance), StorageFixture.LogDir + "/t-0", StorageFixture.Partition, StorageFixture.TopicId, StorageFixture.Small, new LogOpenOptions());
        var asker = 0;
        var byAsker = new List<bool>();
        fixture.Disk.FlushFailsAt = path =>
        {
            byAsker.Add(Environment.CurrentManagedThreadId == asker);
            return false;
        };
        for (var i = 0; i < 6; i++)
        {
            log.AppendAsLeader(Batches.Of("a"), 0);
            asker = Environment.CurrentManagedThreadId;
            await log.FlushAsync(log.LogEndOffset, requester: 7);
            // Away from the storage thread, on which those who waited go on.
            await Task.Yield();
        }

        Assert.Equal(6, log.FlushedOffset);
        Assert.Equal([false, false, false, false, true, true], byAsker);
    }

    private List<bool> Ask(long requester, int times) => [.. Enumerable.Range(0, times).Select(_ => _flusher.IsFor(requester))];
}
