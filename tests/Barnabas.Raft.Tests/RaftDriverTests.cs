using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Raft.Driver;
using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;
using Barnabas.Storage.Disks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Raft.Tests;

public sealed class RaftDriverTests : IDisposable
{
    private static readonly ReplicaKey Self = new(1, new Uuid(3, 4));
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-raft-").FullName;
    private readonly MemoryLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Batches_that_wait_together_share_one_flush_and_commit_after_it()
    {
        var driver = Open();
        var listener = new Recorder();
        driver.Register(listener);
        driver.Start();
        driver.Loop.RunPending();
        Assert.Equal(new LeaderAndEpoch(1, 1), listener.Leader);

        var flushes = _log.Flushes;
        Assert.Equal(1, driver.ScheduleAppend(1, [Value("a")]));
        Assert.Equal(3, driver.ScheduleAppend(1, [Value("b"), Value("c")]));
        Assert.Empty(listener.Values);
        driver.Loop.RunPending();
        Assert.Equal(flushes + 1, _log.Flushes);
        Assert.Equal(["a", "b", "c"], listener.Values);
        Assert.Equal(4, driver.HighWatermark);
    }

    [Fact]
    public void An_append_in_a_wrong_epoch_is_refused()
    {
        var driver = Open();
        Assert.Throws<NotLeaderException>(() => driver.ScheduleAppend(1, [Value("early")]));
        driver.Start();
        driver.Loop.RunPending();
        Assert.Throws<NotLeaderException>(() => driver.ScheduleAppend(2, [Value("a")]));
    }

    [Fact]
    public void A_failing_disk_ends_the_driver_and_commits_nothing()
    {
        var driver = Open();
        var listener = new Recorder();
        driver.Register(listener);
        driver.Start();
        driver.Loop.RunPending();
        _log.Fails = true;
        driver.ScheduleAppend(1, [Value("lost")]);
        driver.Loop.RunPending();
        Assert.IsType<IOException>(driver.Completion.Exception!.InnerException);
        Assert.Empty(listener.Values);
    }

    /// <summary>Invariants: what a listener was told of is there after a crash, in order, and nothing that was not appended.</summary>
    [Fact]
    public void What_was_committed_survives_any_crash()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var log = new MemoryLog();
            List<string> committed = [];
            var number = 0;
            for (var life = 0; life < 4; life++)
            {
                var driver = Open(log);
                var listener = new Recorder();
                driver.Register(listener);
                driver.Start();
                driver.Loop.RunPending();
                Assert.True(listener.Values.Take(committed.Count).SequenceEqual(committed), $"seed {seed}: a committed record is gone after a crash");
                var epoch = listener.Leader.Epoch;
                for (var step = random.Next(20); step > 0; step--)
                {
                    driver.ScheduleAppend(epoch, [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Value($"{number++}"))]);
                    if (random.Next(3) == 0) driver.Loop.RunPending();
                }
                committed = [.. listener.Values];
                log.Crash();
            }
            Directory.Delete(LogDirectory, recursive: true);
        }
    }

    [Fact]
    public void A_snapshot_is_loaded_first_and_the_log_goes_on_after_it()
    {
        var driver = Open();
        driver.Start();
        driver.Loop.RunPending();
        driver.ScheduleAppend(1, [Value("a"), Value("b")]);
        driver.ScheduleAppend(1, [Value("c")]);
        driver.Loop.RunPending();
        using (var writer = driver.CreateSnapshot(new OffsetAndEpoch(3, 1), 99)!)
        {
            writer.Append(Value("a+b"));
            writer.Freeze();
        }
        Assert.Null(driver.CreateSnapshot(new OffsetAndEpoch(3, 1), 99));
        Assert.Throws<ArgumentException>(() => driver.CreateSnapshot(new OffsetAndEpoch(9, 1), 99));

        var second = Open();
        var listener = new Recorder();
        second.Register(listener);
        second.Start();
        second.Loop.RunPending();
        Assert.Equal(["a+b", "c"], listener.Values);
        Assert.Equal(99, listener.SnapshotTimeMs);
    }

    [Fact]
    public void Old_snapshots_and_the_log_below_go_when_they_are_too_large()
    {
        var driver = Open(maxBytes: 1);
        driver.Start();
        driver.Loop.RunPending();
        for (var i = 0; i < 4; i++)
        {
            var last = driver.ScheduleAppend(1, [Value($"{i}")]);
            driver.Loop.RunPending();
            using var writer = driver.CreateSnapshot(new OffsetAndEpoch(last + 1, 1), 1)!;
            writer.Append(Value("all"));
            writer.Freeze();
            driver.Loop.RunPending();
        }
        Assert.Equal([new OffsetAndEpoch(5, 1)], SnapshotFiles.List(new PhysicalDisk(), LogDirectory).Keys);
        Assert.Equal(5, _log.StartOffset);
    }

    [Fact]
    public void A_quorum_of_others_is_refused_with_its_members()
    {
        var error = Assert.Throws<RaftConfigurationException>(() => Open(voters: VoterSet.ParseStatic("1@a:1,2@b:1", "CONTROLLER")));
        Assert.Contains("1, 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<RaftConfigurationException>(() => Open(voters: VoterSet.Empty));
        Assert.Throws<RaftConfigurationException>(() => VoterSet.ParseStatic("nonsense", "CONTROLLER"));
    }

    [Fact]
    public void A_damaged_snapshot_is_refused()
    {
        var driver = Open();
        driver.Start();
        driver.Loop.RunPending();
        driver.ScheduleAppend(1, [Value("a")]);
        driver.Loop.RunPending();
        var id = new OffsetAndEpoch(2, 1);
        using (var writer = driver.CreateSnapshot(id, 1)!)
        {
            writer.Append(Value("a"));
            writer.Freeze();
        }
        var path = Path.Combine(LogDirectory, SnapshotFiles.Name(id));
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Throws<InvalidDataException>(() => SnapshotReader.Read(new PhysicalDisk(), path, id));
        }
    }

    private string LogDirectory => Path.Combine(_folder, "__cluster_metadata-0");

    private static ReadOnlyMemory<byte> Value(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private RaftDriver Open(MemoryLog? log = null, VoterSet? voters = null, long maxBytes = -1) => RaftDriver.Open(
        new RaftOptions
        {
            NodeId = 1,
            DirectoryId = Self.DirectoryId,
            ClusterId = "cluster",
            Endpoints = [new VoterEndpoint("CONTROLLER", "localhost", 9093)],
            Random = new Random(1),
            LogDirectory = LogDirectory,
            StaticVoters = voters ?? VoterSet.Of(new Voter(Self, [], 0, 1)),
            RetentionMaxBytes = maxBytes,
            RetentionMaxMs = -1,
            OwnThread = false,
        },
        log ?? _log, new PhysicalDisk(), BufferPool.Shared, TimeProvider.System, NullLogger.Instance);

    private sealed class Recorder : IRaftListener
    {
        public List<string> Values { get; } = [];

        public LeaderAndEpoch Leader { get; private set; }

        public long SnapshotTimeMs { get; private set; }

        public void HandleLoadSnapshot(SnapshotReader snapshot)
        {
            Values.Clear();
            Values.AddRange(snapshot.Records.Select(Text));
            SnapshotTimeMs = snapshot.LastContainedLogTimeMs;
        }

        public void HandleCommit(IReadOnlyList<CommittedBatch> batches) => Values.AddRange(batches.SelectMany(b => b.Records).Select(Text));

        public void HandleLeaderChange(LeaderAndEpoch leader) => Leader = leader;

        private static string Text(ReadOnlyMemory<byte> value) => System.Text.Encoding.UTF8.GetString(value.Span);
    }
}
