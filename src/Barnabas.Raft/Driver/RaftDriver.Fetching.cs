using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Driver;

/// <content>Replicas that follow the metadata log (KIP-595) and its snapshots (KIP-630).</content>
public sealed partial class RaftDriver
{
    private static readonly Uuid TopicId = Uuid.One;
    private readonly ObserverStates _observers = new();
    private readonly List<WaitingFetch> _fetches = [];

    private sealed record WaitingFetch(long Offset, long HighWatermark, TaskCompletionSource Woken);

    /// <summary>Answers Fetch (API 1) of the metadata log; waits for new records as long as the request allows.</summary>
    /// <param name="request">The request.</param>
    /// <param name="listener">The listener it came by; null for a version that names no endpoints.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<FetchResponse> FetchAsync(FetchRequest request, string? listener, CancellationToken cancellation)
    {
        if (IsOtherCluster(request.ClusterId)) return new FetchResponse { ErrorCode = ErrorCode.InconsistentClusterId };
        if (request.Topics is not [{ Partitions: [{ Partition: 0 } asked] } topic] || !(topic.TopicId == TopicId || (topic.TopicId == Uuid.Zero && topic.Topic == Topic)))
            return new FetchResponse { ErrorCode = ErrorCode.InvalidRequest };
        if (request.MaxWaitMs < 0 || asked.FetchOffset < 0 || asked.LastFetchedEpoch < 0 || asked.LastFetchedEpoch > asked.CurrentLeaderEpoch)
            return await OnLoopAsync(() => Response(topic, Empty(ErrorCode.InvalidRequest), listener));
        var replica = new ReplicaKey(request.ReplicaId >= 0 ? request.ReplicaId : request.ReplicaState.ReplicaId, asked.ReplicaDirectoryId);
        WaitingFetch? waiting = null;
        var response = await OnLoopAsync(() =>
        {
            var partition = Read(replica, asked);
            var isAnswer = partition.ErrorCode != ErrorCode.None || partition.Records is { Length: > 0 } || partition.DivergingEpoch.Epoch >= 0
                || partition.SnapshotId.Epoch >= 0 || request.MaxWaitMs == 0 || partition.HighWatermark > asked.HighWatermark;
            if (!isAnswer) _fetches.Add(waiting = new WaitingFetch(asked.FetchOffset, asked.HighWatermark, new(TaskCreationOptions.RunContinuationsAsynchronously)));
            return Response(topic, partition, listener);
        });
        if (waiting is null) return response;
        try
        {
            await waiting.Woken.Task.WaitAsync(TimeSpan.FromMilliseconds(request.MaxWaitMs), _time, cancellation);
        }
        catch (TimeoutException)
        {
            return response;
        }
        finally
        {
            _loop.Post(() => _fetches.Remove(waiting));
        }
        return await OnLoopAsync(() => Response(topic, Read(replica, asked), listener));
    }

    /// <summary>Answers FetchSnapshot (API 59).</summary>
    /// <param name="request">The request.</param>
    /// <param name="listener">The listener it came by; null for a version that names no endpoints.</param>
    public Task<FetchSnapshotResponse> FetchSnapshotAsync(FetchSnapshotRequest request, string? listener) => OnLoopAsync(() =>
    {
        if (IsOtherCluster(request.ClusterId)) return new FetchSnapshotResponse { ErrorCode = ErrorCode.InconsistentClusterId };
        if (request.Topics is not [{ Partitions: [var asked] } topic]) return new FetchSnapshotResponse { ErrorCode = ErrorCode.InvalidRequest };
        var partition = topic.Name == Topic && asked.Partition == 0
            ? ReadSnapshot(request.MaxBytes, asked)
            : new FetchSnapshotResponse.PartitionSnapshot { Index = asked.Partition, ErrorCode = ErrorCode.UnknownTopicOrPartition, UnalignedRecords = ReadOnlyMemory<byte>.Empty };
        var response = new FetchSnapshotResponse();
        response.Topics.Add(new() { Name = topic.Name, Partitions = [partition] });
        foreach (var (id, host, port) in LeaderEndpoint(listener)) response.NodeEndpoints.Add(new() { NodeId = id, Host = host, Port = port });
        return response;
    });

    private FetchResponse Response(FetchRequest.FetchTopic topic, FetchResponse.PartitionData partition, string? listener)
    {
        partition.CurrentLeader.LeaderId = _node.LeaderId ?? -1;
        partition.CurrentLeader.LeaderEpoch = _node.Epoch;
        var response = new FetchResponse();
        response.Responses.Add(new() { Topic = Topic, TopicId = topic.TopicId, Partitions = [partition] });
        foreach (var (id, host, port) in LeaderEndpoint(listener)) response.NodeEndpoints.Add(new() { NodeId = id, Host = host, Port = port });
        return response;
    }

    private static FetchResponse.PartitionData Empty(ErrorCode error) =>
        new() { ErrorCode = error, HighWatermark = -1, Records = ReadOnlyMemory<byte>.Empty };

    private FetchResponse.PartitionData Read(ReplicaKey replica, FetchRequest.FetchPartition asked)
    {
        if (_node.CheckLeads(asked.CurrentLeaderEpoch) is { } error) return Empty(error);
        var partition = Empty(ErrorCode.None);
        partition.HighWatermark = _leader.HighWatermark ?? -1;
        partition.LogStartOffset = _log.StartOffset;
        if (SnapshotInstead(asked) is { } snapshot)
        {
            partition.SnapshotId.EndOffset = snapshot.Offset;
            partition.SnapshotId.Epoch = snapshot.Epoch;
            return partition;
        }
        var end = EndOffsetFor(asked.LastFetchedEpoch);
        var isStart = _log.StartOffset == 0 && asked is { FetchOffset: 0, LastFetchedEpoch: 0 };
        if (!isStart && (end.Epoch != asked.LastFetchedEpoch || end.Offset < asked.FetchOffset))
        {
            partition.DivergingEpoch.Epoch = end.Epoch;
            partition.DivergingEpoch.EndOffset = end.Offset;
            return partition;
        }
        partition.Records = _log.Read(asked.FetchOffset, MaxReadBytes);
        if (replica.Id >= 0 && !_node.Voters.IsVoter(replica))
            _observers.Fetched(replica, asked.FetchOffset, _log.EndOffset, _time.GetUtcNow().ToUnixTimeMilliseconds());
        return partition;
    }

    /// <summary>The snapshot to fetch where the log alone would not do, or where the replica has nothing.</summary>
    private OffsetAndEpoch? SnapshotInstead(FetchRequest.FetchPartition asked)
    {
        if (_snapshots.Latest is not { } latest || latest == OffsetAndEpoch.Bootstrap) return null;
        if (asked.FetchOffset == 0) return latest;
        var earliest = _snapshots.Earliest!.Value;
        return asked.FetchOffset < _log.StartOffset || (asked.FetchOffset == _log.StartOffset && asked.LastFetchedEpoch != earliest.Epoch) || asked.LastFetchedEpoch < earliest.Epoch
            ? latest
            : null;
    }

    /// <summary>Where the epoch ends, or the one before it that this log knows.</summary>
    private OffsetAndEpoch EndOffsetFor(int epoch)
    {
        var end = _log.EndOffsetFor(epoch);
        if (end is null) return new OffsetAndEpoch(_log.EndOffset, LastEpoch);
        return _snapshots.Earliest is { } earliest && end.Value.Offset == earliest.Offset && end.Value.Epoch == epoch ? earliest : end.Value;
    }

    private FetchSnapshotResponse.PartitionSnapshot ReadSnapshot(int maxBytes, FetchSnapshotRequest.PartitionSnapshot asked)
    {
        var partition = new FetchSnapshotResponse.PartitionSnapshot { UnalignedRecords = ReadOnlyMemory<byte>.Empty };
        partition.CurrentLeader.LeaderId = _node.LeaderId ?? -1;
        partition.CurrentLeader.LeaderEpoch = _node.Epoch;
        var id = new OffsetAndEpoch(asked.SnapshotId.EndOffset, asked.SnapshotId.Epoch);
        partition.ErrorCode = _node.CheckLeads(asked.CurrentLeaderEpoch)
            // What formatting wrote is in the log as well: the first leader has put it there.
            ?? (id == OffsetAndEpoch.Bootstrap || _snapshots.SizeOf(id) is not { } size ? ErrorCode.SnapshotNotFound
            : asked.Position < 0 || asked.Position >= size ? ErrorCode.PositionOutOfRange
            : ErrorCode.None);
        if (partition.ErrorCode != ErrorCode.None) return partition;
        partition.SnapshotId.EndOffset = id.Offset;
        partition.SnapshotId.Epoch = id.Epoch;
        partition.Size = _snapshots.SizeOf(id)!.Value;
        partition.Position = asked.Position;
        partition.UnalignedRecords = _snapshots.Slice(id, asked.Position, Math.Clamp(maxBytes, 0, MaxReadBytes));
        return partition;
    }

    private void CompleteFetches(bool all)
    {
        var highWatermark = _leader.HighWatermark ?? -1;
        foreach (var fetch in _fetches)
        {
            if (all || fetch.Offset < _log.EndOffset || fetch.HighWatermark < highWatermark) fetch.Woken.TrySetResult();
        }
    }
}
