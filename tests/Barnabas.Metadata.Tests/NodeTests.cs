using Barnabas.Metadata.Image;
using Barnabas.Metadata.Publishing;
using Barnabas.Raft;
using Barnabas.Raft.Snapshots;

namespace Barnabas.Metadata.Tests;

public sealed class NodeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_committed_is_there_after_a_restart_in_the_next_epoch(bool isStandalone)
    {
        using var folder = new TemporaryFolder();
        var properties = NodeHarness.Properties(folder.Sub("data"), isStandalone);
        NodeHarness.Format(properties, isStandalone);
        Protocol.Uuid id;
        await using (var node = await NodeHarness.StartAsync(properties))
        {
            Assert.Equal(new LeaderAndEpoch(1, 1), node.Node.Raft.LeaderAndEpoch);
            await node.RegisterAsync();
            id = await node.CreateAsync("kept", 3);
        }
        await using (var node = await NodeHarness.StartAsync(properties))
        {
            Assert.Equal(new LeaderAndEpoch(1, 2), node.Node.Raft.LeaderAndEpoch);
            var topic = node.Node.Loader.Image.Topics.Find("kept")!;
            Assert.Equal(id, topic.Id);
            Assert.Equal(3, topic.PartitionCount);
            Assert.Equal("-1", node.Node.Loader.Image.Configs.ConfigsOf(ConfigResource.ForTopic("kept"))["retention.ms"]);
        }
    }

    [Fact]
    public async Task A_snapshot_replaces_the_log_before_it()
    {
        using var folder = new TemporaryFolder();
        var properties = NodeHarness.Properties(folder.Sub("data"), isStandalone: true);
        properties["metadata.log.max.record.bytes.between.snapshots"] = "500";
        NodeHarness.Format(properties, isStandalone: true);
        await using (var node = await NodeHarness.StartAsync(properties))
        {
            await node.RegisterAsync();
            for (var i = 0; i < 10; i++) await node.CreateAsync($"topic-{i}", 2);
        }
        var log = Path.Combine(folder.Sub("data"), "__cluster_metadata-0");
        var snapshots = SnapshotFiles.List(new Barnabas.Storage.Disks.PhysicalDisk(), log);
        Assert.True(snapshots.Count > 1, "No snapshot was written.");
        var newest = SnapshotReader.Read(new Barnabas.Storage.Disks.PhysicalDisk(), Path.Combine(log, SnapshotFiles.Name(snapshots.Keys[^1])), snapshots.Keys[^1]);
        Assert.Equal(1, newest.KRaftVersion);
        Assert.Equal([1], newest.Voters!.Voters.Keys);
        await using (var node = await NodeHarness.StartAsync(properties))
        {
            Assert.Equal(10, node.Node.Loader.Image.Topics.ByName.Count);
            await node.RegisterAsync();
            await node.CreateAsync("after", 1);
        }
    }

    [Fact]
    public async Task Many_requests_at_once_share_flushes_and_all_commit()
    {
        using var folder = new TemporaryFolder();
        var properties = NodeHarness.Properties(folder.Sub("data"), isStandalone: false);
        NodeHarness.Format(properties, isStandalone: false);
        await using var node = await NodeHarness.StartAsync(properties);
        await node.RegisterAsync();
        var publisher = new Recorder();
        node.Node.Loader.InstallPublisher(publisher);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => node.CreateAsync($"many-{i}", 1)));
        await node.HeartbeatAsync();
        await publisher.Until(image => image.Topics.ByName.Count == 200).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class Recorder : IMetadataPublisher
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private Func<MetadataImage, bool>? _condition;
        private MetadataImage _latest = MetadataImage.Empty;

        public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
        {
            lock (_lock)
            {
                _latest = image;
                if (_condition?.Invoke(image) == true) _reached.TrySetResult();
            }
        }

        public Task Until(Func<MetadataImage, bool> condition)
        {
            lock (_lock)
            {
                _condition = condition;
                if (condition(_latest)) _reached.TrySetResult();
            }
            return _reached.Task;
        }
    }
}
