using Barnabas.Protocol;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

/// <summary>Many logs created at once.</summary>
public sealed class LogCreationTests : IDisposable
{
    private readonly StorageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Logs_are_spread_over_the_directories_and_those_there_stay_as_they_are()
    {
        _fixture.Disk.CreateDirectory("/other");
        using var manager = _fixture.NewManager(null, StorageFixture.LogDir, "/other");
        manager.Startup();
        var first = manager.GetOrCreateLog(Partition(0), StorageFixture.TopicId, StorageFixture.Small);
        manager.CreateLogs(Enumerable.Range(0, 10).Select(New));
        Assert.Equal(10, manager.Logs.Count());
        Assert.Same(first, manager.GetLog(Partition(0)));
        Assert.All(manager.Logs.GroupBy(manager.DirectoryOf), directory => Assert.Equal(5, directory.Count()));
        Assert.All(manager.Logs, log => Assert.Equal(StorageFixture.TopicId, log.TopicId));
    }

    [Fact]
    public void One_that_cannot_be_created_does_not_keep_the_others_from_it()
    {
        _fixture.Disk.CreateDirectory("/other");
        using var manager = _fixture.NewManager(null, StorageFixture.LogDir, "/other");
        manager.Startup();
        _fixture.Disk.FailsAt = static path => path.StartsWith("/data/many-2", StringComparison.Ordinal);
        manager.CreateLogs([New(2), New(1)]);
        _fixture.Disk.FailsAt = null;
        Assert.Equal(Partition(1), Assert.Single(manager.Logs).TopicPartition);
        Assert.True(manager.Directories[0].State.IsOffline);
    }

    private static NewLog New(int index) => new(Partition(index), StorageFixture.TopicId, StorageFixture.Small, null);

    private static TopicPartition Partition(int index) => new("many", index);
}
