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
}
