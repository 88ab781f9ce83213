using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Raft.Log;
using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;
using Barnabas.Raft.Threading;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Raft.Driver;

/// <summary>
/// Carries out what <see cref="RaftNode"/> decides: owns the metadata log, its snapshots and <c>quorum-state</c>. All
/// of it happens on one thread; batches that came while the last flush ran are written and flushed together, and
/// committed only after that flush. A failure of the disk ends the loop (see <see cref="Completion"/>): a node that
/// cannot write its metadata must stop.
/// </summary>
public sealed partial class RaftDriver : IRaftClient, IAsyncDisposable
{
    private const int MaxReadBytes = 8 << 20;
    private readonly RaftOptions _options;
    private readonly IRaftLog _log;
    private readonly IDisk _disk;
    private readonly BufferPool _decompression;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventLoop _loop;
    private readonly RaftNode _node;
    private readonly VoterSetHistory _history;
    private readonly SnapshotStore _snapshots;
    private readonly List<ListenerContext> _listeners = [];
    private readonly Lock _appendLock = new();
    private List<PendingAppend> _pending = [];
    private long _nextAppendOffset;
    private bool _drainPosted;
    private volatile LeaderSnapshot _leader = new(new LeaderAndEpoch(null, 0), null);

    private RaftDriver(RaftOptions options, IRaftLog log, IDisk disk, BufferPool decompression, TimeProvider time, ILogger logger)
    {
        _decompression = decompression;
        _options = options;
        _log = log;
        _disk = disk;
        _time = time;
        _logger = logger;
        _loop = new EventLoop($"raft-{options.NodeId}", time, options.OwnThread);
        _node = new RaftNode(new ReplicaKey(options.NodeId, options.DirectoryId));
        _history = new VoterSetHistory(options.StaticVoters);
        _snapshots = new SnapshotStore(disk, options.LogDirectory, decompression);
    }

    private sealed record LeaderSnapshot(LeaderAndEpoch Leader, long? HighWatermark);

    /// <inheritdoc/>
    public LeaderAndEpoch LeaderAndEpoch => _leader.Leader;

    /// <inheritdoc/>
    public long? HighWatermark => _leader.HighWatermark;

    /// <inheritdoc/>
    public OffsetAndEpoch? LatestSnapshotId => _snapshots.Latest;

    /// <inheritdoc/>
    public short KRaftVersion => _history.KRaftVersion;

    /// <summary>The loop, for owners that drain it themselves.</summary>
    public EventLoop Loop => _loop;

    /// <summary>Ends when the driver was disposed; faulted when log, disk or a listener failed.</summary>
    public Task Completion => _loop.Completion;

    /// <summary>Opens the log and checks that this node can take part. Nothing runs before <see cref="Start"/>.</summary>
    /// <exception cref="RaftConfigurationException">The quorum is not one that this node can lead alone.</exception>
    /// <exception cref="InvalidDataException">A file of the quorum is damaged.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static RaftDriver Open(
        RaftOptions options, MetadataLogConfig config, LogServices services, LogDirectoryState logDirectory, ILogger logger) =>
        Open(
            options,
            UnifiedRaftLog.Open(services, logDirectory, options.LogDirectory, config),
            services.Disk,
            services.Decompression.Unrefused,
            services.Time,
            logger);

    internal static RaftDriver Open(RaftOptions options, IRaftLog log, IDisk disk, BufferPool decompression, TimeProvider time, ILogger logger)
    {
        var driver = new RaftDriver(options, log, disk, decompression, time, logger);
        driver.Load();
        return driver;
    }

    /// <summary>Begins to take part in the quorum.</summary>
    public void Start()
    {
        _loop.Post(Initialize);
        _loop.Start();
        ScheduleCleaning();
    }

    /// <inheritdoc/>
    public void Register(IRaftListener listener) => _loop.Post(() =>
    {
        var context = new ListenerContext(listener);
        _listeners.Add(context);
        Deliver(context, []);
    });

    /// <inheritdoc/>
    public long ScheduleAppend(int epoch, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        if (records.Count == 0) throw new ArgumentException("An append has at least one record.", nameof(records));
        return Schedule(epoch, offset => new PendingAppend.Data(epoch, offset, records));
    }

    private long Schedule(int epoch, Func<long, PendingAppend> at)
    {
        lock (_appendLock)
        {
            var leader = _leader.Leader;
            if (!leader.IsLeader(_options.NodeId) || leader.Epoch != epoch)
            {
                throw new NotLeaderException($"Node {_options.NodeId} does not lead epoch {epoch}: the quorum is at {leader}.");
            }
            var append = at(_nextAppendOffset);
            _nextAppendOffset = append.LastOffset + 1;
            _pending.Add(append);
            if (!_drainPosted)
            {
                if (!_loop.Post(DrainAppends)) throw new NotLeaderException($"Node {_options.NodeId} is stopping.");
                _drainPosted = true;
            }
            return append.LastOffset;
        }
    }

    /// <inheritdoc/>
    public SnapshotWriter? CreateSnapshot(OffsetAndEpoch id, long lastContainedLogTimeMs)
    {
        if (id.Offset > (_leader.HighWatermark ?? 0))
        {
            throw new ArgumentException($"Snapshot {id} would hold records that are not committed: the high watermark is {_leader.HighWatermark}.");
        }
        return _snapshots.Create(id, lastContainedLogTimeMs, _history, _time, (written, bytes) =>
        {
            RaftDriverLog.SnapshotWritten(_logger, written, bytes);
            _loop.Post(Clean);
        });
    }

    /// <inheritdoc/>
    public QuorumDescription Describe()
    {
        var (leader, highWatermark) = (_leader.Leader, _leader.HighWatermark);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var voters = _history.Latest;
        List<ReplicaDescription> replicas = [];
        foreach (var voter in voters.Voters.Values)
        {
            var key = voter.Key.Id == _options.NodeId ? new ReplicaKey(voter.Key.Id, voter.Key.DirectoryId) : voter.Key;
            replicas.Add(voter.Key.Id == _options.NodeId
                ? new ReplicaDescription(key, _log.EndOffset, now, now)
                : new ReplicaDescription(key, -1, -1, -1));
        }
        return new QuorumDescription(leader, highWatermark ?? -1, replicas, _observers.Describe(now), voters);
    }

    /// <summary>Writes what is pending, stops the thread and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _loop.Close();
        if (!_options.OwnThread) _loop.RunPending();
        try
        {
            await _loop.Completion;
        }
#pragma warning disable CA1031 // The failure was logged and reaches the owner through Completion.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        _loop.Dispose();
        _log.Dispose();
    }

    private void Load()
    {
        _disk.CreateDirectory(_options.LogDirectory);
        SnapshotFiles.DeleteLeftovers(_disk, _options.LogDirectory);
        _snapshots.Load();
        var latest = _snapshots.Latest;
        if (latest is { } ahead && ahead.Offset > _log.EndOffset)
        {
            RaftDriverLog.LogBehindSnapshot(_logger, ahead, _log.EndOffset);
            _log.TruncateFullyAndStartAt(ahead.Offset);
        }
        if (latest is { } id)
        {
            var snapshot = _snapshots.Read(id);
            var at = id == OffsetAndEpoch.Bootstrap ? VoterSetHistory.BootstrapOffset : id.Offset - 1;
            if (snapshot.KRaftVersion > 0) _history.AddVersion(at, snapshot.KRaftVersion);
            if (snapshot.Voters is { } voters) _history.AddVoters(at, voters);
        }
        else if (_log.StartOffset > 0)
        {
            throw new InvalidDataException(
                $"The metadata log in {_options.LogDirectory} starts at offset {_log.StartOffset}, but there is no snapshot of what was before.");
        }
        ReadControlRecords(Math.Max(_log.StartOffset, latest?.Offset ?? 0));

        RaftDriverLog.Opened(
            _logger, _options.NodeId, _log.StartOffset, _log.EndOffset, _snapshots.Count, latest,
            _history.Latest.Voters.Count, _history.KRaftVersion);
        CheckQuorum();
    }

    private void ReadControlRecords(long from)
    {
        for (var offset = from; offset < _log.EndOffset;)
        {
            var bytes = _log.Read(offset, MaxReadBytes);
            if (bytes.IsEmpty) break;
            foreach (var batch in RecordBatches.EnumerateComplete(bytes))
            {
                if (batch.IsControl)
                {
                    foreach (var record in batch.Records(_decompression)) KRaftControl.Apply(record, record.Offset, _history);
                }
                offset = batch.NextOffset;
            }
        }
    }

    private void CheckQuorum()
    {
        var voters = _history.Latest;
        if (voters.Voters.Count == 0)
        {
            throw new RaftConfigurationException(
                "There is no quorum: set controller.quorum.voters, or format the directory with --standalone.");
        }
        if (voters.IsOnlyVoter(_node.Self)) return;
        if (voters.Voters.Count == 1 && voters.Voters.ContainsKey(_node.Self.Id))
        {
            throw new RaftConfigurationException(
                $"Node {_node.Self.Id} is the quorum's voter with directory {voters.Voters[_node.Self.Id].Key.DirectoryId}, " +
                $"but its metadata log is in directory {_node.Self.DirectoryId}.");
        }
        throw new RaftConfigurationException(
            $"The quorum's voters are {string.Join(", ", voters.Voters.Keys)}: a quorum other than this node ({_node.Self.Id}) alone is not supported yet.");
    }

    private void Initialize()
    {
        try
        {
            var path = Path.Combine(_options.LogDirectory, ElectionState.FileName);
            var persisted = _disk.FileExists(path) ? ElectionState.FromJson(_disk.ReadAllBytes(path)) : ElectionState.Initial;
            var lastEpoch = Math.Max(_log.LastEpoch, _snapshots.Latest?.Epoch ?? 0);
            // Nothing above may be acknowledged before what an earlier run left unflushed is durable.
            _log.Flush();
            Carry(_node.Initialize(persisted, lastEpoch, _history.Latest));
        }
        catch (Exception e)
        {
            RaftDriverLog.Failed(_logger, e);
            throw;
        }
    }

    private void Carry(IReadOnlyList<RaftAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case RaftAction.Persist persist:
                    _disk.WriteAtomically(
                        Path.Combine(_options.LogDirectory, ElectionState.FileName),
                        persist.State.ToJson(_history.KRaftVersion, _history.Latest));
                    break;
                case RaftAction.StartEpoch start:
                    StartEpoch(start);
                    break;
                case RaftAction.AdvanceHighWatermark advance:
                    _log.UpdateHighWatermark(advance.Offset);
                    _leader = _leader with { HighWatermark = advance.Offset };
                    break;
                case RaftAction.LeaderChanged changed:
                    RaftDriverLog.LeaderChanged(_logger, changed.Leader.LeaderId, changed.Leader.Epoch);
                    lock (_appendLock)
                    {
                        _nextAppendOffset = _log.EndOffset;
                        // Offsets that were given out in an epoch that has ended are free again; their owners hear of it.
                        _pending.RemoveAll(append => append.Epoch != changed.Leader.Epoch);
                        _leader = _leader with { Leader = changed.Leader };
                    }
                    _election?.Dispose();
                    _observers.Clear();
                    CompleteFetches(all: true);
                    foreach (var listener in _listeners) Deliver(listener, []);
                    break;
                case RaftAction.AwaitElection wait:
                    AwaitElection(wait.Role);
                    break;
                case RaftAction.RequestVotes:
                    throw new RaftConfigurationException("Elections among several voters are not supported yet.");
            }
        }
    }

    private void StartEpoch(RaftAction.StartEpoch start)
    {
        var baseOffset = _log.EndOffset;
        var voters = _history.Latest;
        List<(ControlRecordType, ReadOnlyMemory<byte>)> records =
            [KRaftControl.LeaderChangeRecord(_node.Self.Id, voters, start.GrantingVoters)];
        if (_history.LatestIsBootstrap)
        {
            // Voters that only the formatting snapshot names are written to the log so that replicas get them.
            var version = _history.KRaftVersion;
            records.Add(KRaftControl.KRaftVersionRecord(version));
            records.Add(KRaftControl.VotersRecord(voters));
            _history.AddVersion(baseOffset + 1, version);
            _history.AddVoters(baseOffset + 2, voters);
        }
        _log.Append(RaftBatch.Control(baseOffset, start.Epoch, _time.GetUtcNow().ToUnixTimeMilliseconds(), records), start.Epoch);
        _log.Flush();
        _node.EpochStarted(baseOffset);
        Carry(_node.Flushed(_node.Self, _log.EndOffset));
    }

    private void DrainAppends()
    {
        List<PendingAppend> appends;
        lock (_appendLock)
        {
            appends = _pending;
            _pending = [];
            _drainPosted = false;
        }
        try
        {
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            List<CommittedBatch> written = new(appends.Count);
            foreach (var append in appends)
            {
                // Offsets were given out in this order, and nothing else appends while this node leads.
                var bytes = append.Build(now);
                _log.Append(bytes, append.Epoch);
                if (append is PendingAppend.Voters change) Apply(change);
                var records = append is PendingAppend.Data data ? data.Records : [];
                written.Add(new CommittedBatch(append.BaseOffset, append.LastOffset, append.Epoch, now, bytes.Length, records));
            }
            if (written.Count == 0) return;
            _log.Flush();
            Carry(_node.Flushed(_node.Self, _log.EndOffset));
            foreach (var listener in _listeners) Deliver(listener, written);
            CompleteFetches(all: false);
        }
        catch (Exception e)
        {
            RaftDriverLog.Failed(_logger, e);
            throw;
        }
    }

    /// <summary>Brings a listener up to the high watermark, from the batches just written when they are next in line.</summary>
    private void Deliver(ListenerContext context, List<CommittedBatch> written)
    {
        if (_leader.HighWatermark is not { } highWatermark) return;
        if (written.Count > 0 && written[0].BaseOffset == context.NextOffset && written[^1].LastOffset < highWatermark)
        {
            context.NextOffset = written[^1].LastOffset + 1;
            context.Listener.HandleCommit(written);
        }
        if (context.NextOffset == 0 && _snapshots.Latest is { Offset: > 0 } id)
        {
            context.NextOffset = id.Offset;
            context.Listener.HandleLoadSnapshot(_snapshots.Read(id));
        }
        while (context.NextOffset < highWatermark)
        {
            var batches = ReadCommitted(context.NextOffset, highWatermark);
            context.NextOffset = batches[^1].LastOffset + 1;
            context.Listener.HandleCommit(batches);
        }
        var leader = _leader.Leader;
        if (context.LastLeader != leader)
        {
            context.LastLeader = leader;
            context.Listener.HandleLeaderChange(leader);
        }
    }

    private List<CommittedBatch> ReadCommitted(long from, long highWatermark)
    {
        var bytes = _log.Read(from, MaxReadBytes);
        List<CommittedBatch> batches = [];
        foreach (var batch in RecordBatches.EnumerateComplete(bytes))
        {
            if (batch.BaseOffset >= highWatermark) break;
            if (batch.LastOffset < from) continue;
            batch.EnsureValid();
            List<ReadOnlyMemory<byte>> records = [];
            if (!batch.IsControl)
            {
                foreach (var record in batch.Records(_decompression))
                {
                    // A snapshot may end inside a batch.
                    if (record.Offset >= from) records.Add(record.ValueBytes);
                }
            }
            batches.Add(new CommittedBatch(
                Math.Max(batch.BaseOffset, from), batch.LastOffset, batch.PartitionLeaderEpoch, batch.MaxTimestamp, batch.SizeInBytes, records));
        }
        return batches.Count > 0
            ? batches
            : throw new InvalidDataException($"The metadata log has no batch at offset {from}, though records up to {highWatermark} are committed.");
    }

    private void ScheduleCleaning() => _loop.PostDelayed(_options.CleaningInterval, () =>
    {
        Clean();
        ScheduleCleaning();
    });

    private void Clean()
    {
        while (_snapshots.NextToDelete(_options, _log.SizeInBytes, _time.GetUtcNow().ToUnixTimeMilliseconds()) is { } id)
        {
            // The log goes first: without the snapshot it could not be read from its new start.
            _log.DeleteBefore(_snapshots.After(id)!.Value.Offset);
            _snapshots.Delete(id);
            RaftDriverLog.SnapshotDeleted(_logger, id, _log.StartOffset);
        }
        if (_snapshots.Latest is { } latest && _options.RetentionMaxBytes >= 0 &&
            _log.SizeInBytes + _snapshots.TotalBytes > _options.RetentionMaxBytes && _log.StartOffset < latest.Offset)
        {
            _log.DeleteBefore(latest.Offset);
        }
    }
}
