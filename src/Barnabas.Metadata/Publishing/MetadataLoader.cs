using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Raft;
using Barnabas.Raft.Snapshots;
using Barnabas.Raft.Threading;
using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata.Publishing;

/// <summary>
/// Follows the committed metadata log and keeps the current image, which any thread may read. Publishers are called on
/// the loader's own thread, first when the log is read up to its high watermark. A record that cannot be read ends the
/// loader (see <see cref="Completion"/>), for a node must not act on half of the metadata.
/// </summary>
public sealed class MetadataLoader : IRaftListener, IAsyncDisposable
{
    private readonly IRaftClient _raft;
    private readonly EventLoop _loop;
    private readonly ILogger _logger;
    private readonly SnapshotGenerator _snapshots;
    private readonly TransactionFilter _transactions = new();
    private readonly List<IMetadataPublisher> _publishers = [];
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _ownThread;
    private volatile MetadataImage _image = MetadataImage.Empty;
    private volatile LeaderBox _leader = new(new LeaderAndEpoch(null, 0));
    private long _lastOffset = -1;

    /// <summary>Makes a loader; it begins when it is registered with the raft client.</summary>
    /// <param name="raft">The quorum.</param>
    /// <param name="options">When snapshots are written.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public MetadataLoader(IRaftClient raft, MetadataLoaderOptions options, TimeProvider time, ILogger logger)
    {
        _raft = raft;
        _logger = logger;
        _ownThread = options.OwnThread;
        _loop = new EventLoop("metadata-loader", time, options.OwnThread);
        _snapshots = new SnapshotGenerator(raft, options.MaxBytesBetweenSnapshots, options.MaxSnapshotInterval, time, logger);
        _loop.Start();
    }

    private sealed record LeaderBox(LeaderAndEpoch Value);

    /// <summary>The current committed image.</summary>
    public MetadataImage Image => _image;

    /// <summary>The leader of the quorum.</summary>
    public LeaderAndEpoch Leader => _leader.Value;

    /// <summary>The last committed offset that the loader has taken in, -1 before the first.</summary>
    public long LastAppliedOffset => Interlocked.Read(ref _lastOffset);

    /// <summary>Completes when the log was read up to its high watermark for the first time.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>Ends when the loader was disposed; faulted when the log cannot be followed.</summary>
    public Task Completion => _loop.Completion;

    /// <summary>The loop, for owners that drain it themselves.</summary>
    public EventLoop Loop => _loop;

    /// <summary>Adds a publisher, which is first told everything there is.</summary>
    public void InstallPublisher(IMetadataPublisher publisher) => _loop.Post(() =>
    {
        _publishers.Add(publisher);
        if (!_caughtUp.Task.IsCompleted) return;
        Publish(publisher, Everything(_image), _image);
    });

    /// <summary>Takes a publisher away.</summary>
    public void RemovePublisher(IMetadataPublisher publisher) => _loop.Post(() => _publishers.Remove(publisher));

    /// <inheritdoc/>
    public void HandleLoadSnapshot(SnapshotReader snapshot) => _loop.Post(() => Guard(() =>
    {
        var provenance = new MetadataProvenance(snapshot.Id.Offset - 1, snapshot.Id.Epoch, snapshot.LastContainedLogTimeMs);
        var delta = new MetadataDelta(_image, fromSnapshot: true);
        foreach (var value in snapshot.Records) delta.Replay(MetadataRecordSerde.Deserialize(value).Record, provenance.LastContainedOffset);
        delta.FinishSnapshot();
        _transactions.Clear();
        Advance(delta, provenance, provenance.LastContainedOffset);
        _snapshots.Reset();
    }));

    /// <inheritdoc/>
    public void HandleCommit(IReadOnlyList<CommittedBatch> batches) => _loop.Post(() => Guard(() =>
    {
        var delta = new MetadataDelta(_image);
        List<(IMetadataRecord Record, long Offset)> visible = [];
        var bytes = 0L;
        foreach (var batch in batches)
        {
            bytes += batch.SizeInBytes;
            for (var i = 0; i < batch.Records.Count; i++)
            {
                _transactions.Add(MetadataRecordSerde.Deserialize(batch.Records[i]), batch.BaseOffset + i, visible);
            }
        }
        foreach (var (record, offset) in visible) delta.Replay(record, offset);
        var last = batches[^1];
        // Within a transaction the image stays at what was before: a snapshot of it must not skip held records.
        var provenance = _transactions.OpenOffset is null
            ? new MetadataProvenance(last.LastOffset, last.Epoch, last.AppendTimestampMs)
            : _image.Provenance;
        Advance(delta, provenance, last.LastOffset);
        if (_transactions.OpenOffset is null) _snapshots.Appended(bytes, _image);
    }));

    /// <inheritdoc/>
    public void HandleLeaderChange(LeaderAndEpoch leader) => _loop.Post(() => _leader = new LeaderBox(leader));

    /// <summary>Ends the loader after what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _loop.Close();
        if (!_ownThread) _loop.RunPending();
        await _loop.Completion.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _loop.Dispose();
    }

    private static MetadataDelta Everything(MetadataImage image)
    {
        var delta = new MetadataDelta(MetadataImage.Empty);
        foreach (var record in image.ToRecords()) delta.Replay(record.Record, image.Provenance.LastContainedOffset);
        return delta;
    }

    private void Advance(MetadataDelta delta, MetadataProvenance provenance, long lastOffset)
    {
        var image = delta.Apply(provenance);
        _image = image;
        Interlocked.Exchange(ref _lastOffset, lastOffset);
        if (!_caughtUp.Task.IsCompleted)
        {
            if (_raft.HighWatermark is not { } highWatermark || lastOffset + 1 < highWatermark) return;
            MetadataLoaderLog.CaughtUp(_logger, lastOffset, image.Topics.ById.Count, image.Cluster.Brokers.Count);
            delta = Everything(image);
            foreach (var publisher in _publishers) Publish(publisher, delta, image);
            _caughtUp.TrySetResult();
            return;
        }
        foreach (var publisher in _publishers) Publish(publisher, delta, image);
    }

    private void Publish(IMetadataPublisher publisher, MetadataDelta delta, MetadataImage image)
    {
        try
        {
            publisher.OnMetadataUpdate(delta, image);
        }
#pragma warning disable CA1031 // One publisher's failure must not keep metadata from the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MetadataLoaderLog.PublisherFailed(_logger, publisher.GetType().Name, image.Provenance.LastContainedOffset, e);
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            MetadataLoaderLog.Failed(_logger, e);
            _caughtUp.TrySetException(e);
            throw;
        }
    }
}
