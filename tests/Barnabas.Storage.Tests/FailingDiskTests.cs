using Barnabas.Protocol;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

/// <summary>A disk that fails takes its own log directory offline, the others go on, and nothing is acknowledged that is not there.</summary>
public sealed class FailingDiskTests : IDisposable
{
    private const string Other = "/other";
    private static readonly TopicPartition First = new("a", 0);
    private static readonly TopicPartition Second = new("b", 0);
    private readonly StorageFixture _fixture = new();
    private readonly List<string> _failed = [];

    public FailingDiskTests()
    {
        _fixture.Disk.CreateDirectory(Other);
        _fixture.Disk.FlushDirectory("/");
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void After_a_failed_fsync_nothing_is_acknowledged_even_when_the_next_fsync_succeeds()
    {
        using (var manager = Started())
        {
            var (first, second) = Logs(manager);
            Append(first, 3);
            Assert.True(first.FlushAsync(3).IsCompletedSuccessfully);
            Append(first, 2);
            _fixture.Disk.FlushFailsAt = static path => path.StartsWith("/data/a-0/", StringComparison.Ordinal);
            var flush = first.FlushAsync(5);
            Assert.IsType<KafkaStorageException>(flush.Exception!.InnerException);
            Assert.Equal(["/data"], _failed);

            // The kernel has marked the lost pages clean: a second fsync would report success for nothing.
            _fixture.Disk.FlushFailsAt = null;
            Assert.Throws<KafkaStorageException>(() => { _ = first.FlushAsync(5); });
            Assert.Throws<KafkaStorageException>(first.Flush);
            Assert.Throws<KafkaStorageException>(() => Append(first, 1));
            Assert.Equal(3, first.FlushedOffset);
            Assert.Null(manager.GetLog(First));

            Append(second, 4);
            Assert.True(second.FlushAsync(4).IsCompletedSuccessfully);
            Assert.Equal(4, second.FlushedOffset);
            manager.Checkpoint();
            manager.Shutdown(7);
            Assert.False(_fixture.Disk.FileExists("/data/.kafka_cleanshutdown"));
            Assert.True(_fixture.Disk.FileExists("/other/.kafka_cleanshutdown"));
        }

        _fixture.Disk.Crash();
        _fixture.NewServices();
        using var again = Started();
        Assert.Equal(["/data"], _failed);
        Assert.Equal((3L, 4L), (again.GetLog(First)!.LogEndOffset, again.GetLog(Second)!.LogEndOffset));
        Append(again.GetLog(First)!, 1);
        Assert.True(again.GetLog(First)!.FlushAsync(4).IsCompletedSuccessfully);
    }

    [Fact]
    public void A_failed_fsync_of_the_directory_fails_the_flush()
    {
        using var manager = Started();
        var (first, second) = Logs(manager);
        Append(first, 1);
        _fixture.Disk.FailsAt = static path => path == "/data/a-0";
        Assert.True(first.FlushAsync(1).IsFaulted);
        _fixture.Disk.FailsAt = null;
        Assert.Equal(0, first.FlushedOffset);
        AssertOnlyTheFirstFailed(manager, second);
    }

    [Theory]
    [InlineData(".log")]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    [InlineData(".snapshot")]
    [InlineData("recovery-point-offset-checkpoint.tmp")]
    [InlineData("replication-offset-checkpoint.tmp")]
    [InlineData("leader-epoch-checkpoint.tmp")]
    public void A_write_that_fails_takes_its_directory_offline_and_nothing_else(string suffix)
    {
        using var manager = Started();
        var (first, second) = Logs(manager);
        Append(first, 1);
        _fixture.Disk.FailsAt = path => path.StartsWith("/data/", StringComparison.Ordinal) && path.EndsWith(suffix, StringComparison.Ordinal);
        var end = first.LogEndOffset;
        var failure = Record.Exception(() =>
        {
            while (end < 100)
            {
                first.AppendAsLeader(Batches.Idempotent(9, 0, (int)end - 1, false, _fixture.Time.NowMs, "v"), 0);
                end++;
                if (end % 10 == 0 && first.FlushAsync(end).Exception is { } flushFailure)
                    throw flushFailure.InnerException!;
            }

            manager.Checkpoint();
        });
        // The schedule of checkpoints reports and goes on; a caller who waits is told.
        Assert.True(failure is KafkaStorageException || suffix.StartsWith('r'), $"{failure}");
        _fixture.Disk.FailsAt = null;
        Assert.Equal(end, first.LogEndOffset);
        Assert.True(first.FlushedOffset <= end);
        AssertOnlyTheFirstFailed(manager, second);
    }

    [Fact]
    public void A_directory_that_fails_at_start_up_leaves_the_others_serving()
    {
        using (var manager = Started())
        {
            var (first, second) = Logs(manager);
            Append(first, 2);
            Append(second, 2);
            manager.Shutdown();
        }

        _fixture.NewServices();
        _fixture.Disk.FailsAt = static path => path.StartsWith("/data/", StringComparison.Ordinal);
        using var again = Started();
        Assert.Equal(["/data"], _failed);
        Assert.Null(again.GetLog(First));
        Append(again.GetLog(Second)!, 1);
        Assert.Equal(Other, again.GetOrCreateLog(new TopicPartition("c", 0), StorageFixture.TopicId, StorageFixture.Small).LogDirectory.Path);
    }

    private void AssertOnlyTheFirstFailed(LogManager manager, UnifiedLog second)
    {
        Assert.Equal(["/data"], _failed);
        Assert.Null(manager.GetLog(First));
        Assert.Equal([ErrorCode.KafkaStorageError, ErrorCode.None], manager.Describe().Select(static d => d.ErrorCode));
        Append(second, 1);
        Assert.True(second.FlushAsync(second.LogEndOffset).IsCompletedSuccessfully);
        manager.Checkpoint();
    }

    private LogManager Started()
    {
        var manager = _fixture.NewManager(null, StorageFixture.LogDir, Other);
        manager.DirectoryFailed += d => _failed.Add(d.Path);
        manager.Startup();
        return manager;
    }

    private static (UnifiedLog First, UnifiedLog Second) Logs(LogManager manager)
    {
        var first = manager.GetOrCreateLog(First, StorageFixture.TopicId, StorageFixture.Small);
        var second = manager.GetOrCreateLog(Second, StorageFixture.TopicId, StorageFixture.Small);
        Assert.Equal((StorageFixture.LogDir, Other), (first.LogDirectory.Path, second.LogDirectory.Path));
        return (first, second);
    }

    private void Append(UnifiedLog log, int count)
    {
        for (var i = 0; i < count; i++)
            log.AppendAsLeader(Batches.At(_fixture.Time.NowMs, $"{i}"), 0);
    }
}
