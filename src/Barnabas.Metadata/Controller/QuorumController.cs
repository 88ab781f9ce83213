using Barnabas.Metadata.Image;
using Barnabas.Metadata.Placement;
using Barnabas.Metadata.Publishing;
using Barnabas.Protocol;
using Barnabas.Raft;
using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;
using Barnabas.Raft.Threading;
using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata.Controller;

/// <summary>
/// The controller. One thread takes requests, lets a manager decide, replays the records into its state, hands them to
/// the quorum and parks the answer until they are committed; the next request is decided upon the state with those
/// records already in it, so that a flush serves all that came meanwhile. While another node leads, the controller only
/// follows the log.
/// </summary>
public sealed partial class QuorumController : IController, IRaftListener, IAsyncDisposable
{
    private readonly ControllerOptions _options;
    private readonly IRaftClient _raft;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventLoop _loop;
    private readonly ControllerState _state;
    private readonly ClusterControlManager _cluster;
    private readonly ConfigurationControlManager _configuration;
    private readonly ClientQuotaControlManager _clientQuotas;
    private readonly ReplicationControlManager _replication;
    private readonly FeatureControlManager _features;
    private readonly ProducerIdControlManager _producerIds;
    private readonly AclControlManager _acls;
    private readonly ScramControlManager _scram;
    private readonly DelegationTokenControlManager _tokens;
    private readonly TransactionFilter _transactions = new();
    private readonly DeferredResponses _deferred = new();
    private readonly UncommittedImages _images = new();
    private readonly TaskCompletionSource _active = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int? _claimedEpoch;
    private long _lastCommitted = -1;
    private long _lastWritten = -1;
    private bool _sawRecord;
    private volatile bool _isActive;
    private volatile FeaturesBox _finalized = new(FeaturesImage.Empty, -1);

    /// <summary>Makes a controller; it begins when it is registered with the raft client.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="raft">The quorum.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Chooses topic ids and where placement begins.</param>
    /// <param name="logger">The log.</param>
    public QuorumController(ControllerOptions options, IRaftClient raft, TimeProvider time, Random random, ILogger logger)
    {
        _options = options;
        _raft = raft;
        _time = time;
        _logger = logger;
        _loop = new EventLoop($"quorum-controller-{options.NodeId}", time, options.OwnThread);
        _state = new ControllerState(options);
        var heartbeats = new BrokerHeartbeatManager(
            time, TimeSpan.FromMilliseconds(options.Config.GetLong("broker.session.timeout.ms")));
        _cluster = new ClusterControlManager(_state, heartbeats);
        _configuration = new ConfigurationControlManager(_state);
        _clientQuotas = new ClientQuotaControlManager(_state);
        _replication = new ReplicationControlManager(_state, _configuration, _cluster, new StripedReplicaPlacer(random), random);
        _features = new FeatureControlManager(_state, _configuration);
        _producerIds = new ProducerIdControlManager(_state, _cluster);
        _acls = new AclControlManager(_state, random);
        _scram = new ScramControlManager(_state);
        _tokens = new DelegationTokenControlManager(_state, time, random);
        _loop.Start();
    }

    private sealed record FeaturesBox(FeaturesImage Features, long Epoch);

    /// <inheritdoc/>
    public bool IsActive => _isActive;

    /// <inheritdoc/>
    public (FeaturesImage Features, long Epoch) FinalizedFeatures => (_finalized.Features, _finalized.Epoch);

    /// <inheritdoc/>
    public short KRaftVersion => _raft.KRaftVersion;

    /// <summary>Completes when this controller was active for the first time and its first records are committed.</summary>
    public Task BecameActive => _active.Task;

    /// <summary>Ends when the controller was disposed; faulted when it cannot follow the log.</summary>
    public Task Completion => _loop.Completion;

    /// <summary>The loop, for owners that drain it themselves.</summary>
    public EventLoop Loop => _loop;

    /// <inheritdoc/>
    public void HandleLoadSnapshot(SnapshotReader snapshot) => _loop.Post(() => Guard(() =>
    {
        var provenance = new MetadataProvenance(snapshot.Id.Offset - 1, snapshot.Id.Epoch, snapshot.LastContainedLogTimeMs);
        _state.Load(snapshot.Records.Select(MetadataRecordSerde.Deserialize), provenance);
        _transactions.Clear();
        _sawRecord |= snapshot.Records.Count > 0;
        _images.Followed(_state.Image);
        Committed(provenance.LastContainedOffset);
        _lastWritten = _lastCommitted;
    }));

    /// <inheritdoc/>
    public void HandleCommit(IReadOnlyList<CommittedBatch> batches) => _loop.Post(() => Guard(() =>
    {
        foreach (var batch in batches)
        {
            // What this controller wrote itself was replayed when it was written.
            if (_claimedEpoch == batch.Epoch) continue;
            ReplayBatch(batch.Records.Select(MetadataRecordSerde.Deserialize).ToList(), batch.BaseOffset, batch.Epoch, batch.AppendTimestampMs);
            _lastWritten = batch.LastOffset;
            _images.Followed(_state.Image);
        }
        Committed(batches[^1].LastOffset);
    }));

    /// <inheritdoc/>
    public void HandleLeaderChange(LeaderAndEpoch leader) => _loop.Post(() => Guard(() =>
    {
        if (_claimedEpoch is not null && _claimedEpoch != leader.Epoch) Renounce(leader);
        if (leader.IsLeader(_options.NodeId) && _claimedEpoch is null) Claim(leader.Epoch);
        else if (!leader.IsLeader(_options.NodeId) && _claimedEpoch is not null) Renounce(leader);
    }));

    /// <summary>Ends the controller; requests that still wait fail.</summary>
    public async ValueTask DisposeAsync()
    {
        _isActive = false;
        _loop.Post(() => _deferred.FailAll(ShuttingDown()));
        _loop.Close();
        if (!_options.OwnThread) _loop.RunPending();
        await _loop.Completion.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _deferred.FailAll(ShuttingDown());
        _active.TrySetCanceled();
        _loop.Dispose();
    }

    private static KafkaException ShuttingDown() => new(ErrorCode.RequestTimedOut, "The controller is shutting down.");

    private static KafkaException NotController(LeaderAndEpoch leader) => new(
        ErrorCode.NotController,
        leader.LeaderId is { } id ? $"The active controller appears to be node {id}." : "No controller appears to be active.");

    private void Claim(int epoch)
    {
        _claimedEpoch = epoch;
        _lastWritten = _lastCommitted;
        QuorumControllerLog.Activated(_logger, _options.NodeId, epoch, _lastWritten + 1);
        var records = ActivationRecords.Generate(
            _options.Bootstrap, !_sawRecord, _transactions.OpenOffset, _state.MetadataVersion,
            _state.EffectiveConfig.GetText("min.insync.replicas")!);
        if (!_sawRecord)
        {
            QuorumControllerLog.Bootstrapping(
                _logger, _options.Bootstrap.Records.Count, _options.Bootstrap.Source, _options.Bootstrap.MetadataVersion);
        }
        if (records.Count > 0) Append(records);
        _cluster.Activate();
        _deferred.Add(_lastWritten, error =>
        {
            if (error is not null) return;
            _isActive = true;
            _active.TrySetResult();
        });
        _deferred.CompleteUpTo(_lastCommitted);
        StartPeriodicTasks(epoch);
    }

    private void Renounce(LeaderAndEpoch leader)
    {
        QuorumControllerLog.Renounced(_logger, _options.NodeId);
        _claimedEpoch = null;
        _isActive = false;
        // What was written and is committed yet comes again with the log; the rest is gone.
        if (_images.Revert() is { } image) _state.Revert(image);
        _transactions.Clear();
        _deferred.FailAll(NotController(leader));
    }

    /// <summary>Replays and writes records as one batch.</summary>
    private void Append(IReadOnlyList<VersionedRecord> records)
    {
        var values = MetadataRecordSerde.Serialize(records);
        // Replayed first: records that contradict the state must not reach the log.
        ReplayBatch(records, _lastWritten + 1, _claimedEpoch!.Value, _time.GetUtcNow().ToUnixTimeMilliseconds());
        var last = _raft.ScheduleAppend(_claimedEpoch.Value, values);
        if (last != _lastWritten + records.Count)
        {
            throw new InvalidOperationException($"A batch of {records.Count} records was expected to end at {_lastWritten + records.Count}, but ends at {last}.");
        }
        _lastWritten = last;
        _images.Written(last, _state.Image);
        _lastAppend = _time.GetTimestamp();
    }

    /// <summary>Writes a change of the quorum.</summary>
    private void AppendVoters(short? kraftVersion, VoterSet voters)
    {
        var last = _raft.ScheduleVoters(_claimedEpoch!.Value, kraftVersion, voters);
        var expected = _lastWritten + (kraftVersion is null ? 1 : 2);
        if (last != expected) throw new InvalidOperationException($"A change of the quorum was expected to end at {expected}, but ends at {last}.");
        _lastWritten = last;
        _images.Written(last, _state.Image);
    }

    private void ReplayBatch(IReadOnlyList<VersionedRecord> records, long baseOffset, int epoch, long timestampMs)
    {
        if (records.Count == 0) return;
        _sawRecord = true;
        List<(IMetadataRecord Record, long Offset)> visible = [];
        for (var i = 0; i < records.Count; i++) _transactions.Add(records[i], baseOffset + i, visible);
        var delta = _state.Replay(visible, new MetadataProvenance(baseOffset + records.Count - 1, epoch, timestampMs));
        if (_claimedEpoch is not null && delta.Cluster is { } cluster) _cluster.Replayed(cluster);
    }

    private void Committed(long offset)
    {
        _lastCommitted = offset;
        _images.CommittedUpTo(offset);
        _finalized = new FeaturesBox(_state.Image.Features, offset);
        _deferred.CompleteUpTo(offset);
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (NotLeaderException)
        {
            // The epoch has ended, and the event that tells so is on its way.
            if (_claimedEpoch is not null) Renounce(_raft.LeaderAndEpoch);
        }
        catch (Exception e)
        {
            QuorumControllerLog.Failed(_logger, e);
            _isActive = false;
            _deferred.FailAll(new KafkaException(ErrorCode.UnknownServerError, e.Message, e));
            _active.TrySetException(e);
            throw;
        }
    }
}
