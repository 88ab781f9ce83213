using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Driver;

/// <content>Elections: the requests of other replicas, and the time without a leader.</content>
public sealed partial class RaftDriver
{
    private const string Topic = "__cluster_metadata";
    private IDisposable? _election;

    /// <summary>Answers Vote (API 52).</summary>
    /// <param name="request">The request.</param>
    /// <param name="listener">The listener it came by, where the answer names the leader's endpoint; null for a version that names none.</param>
    public Task<VoteResponse> VoteAsync(VoteRequest request, string? listener) => OnLoopAsync(() =>
    {
        if (IsOtherCluster(request.ClusterId)) return new VoteResponse { ErrorCode = ErrorCode.InconsistentClusterId };
        if (request.Topics is not [{ TopicName: Topic, Partitions: [{ PartitionIndex: 0 } asked] }]) return new VoteResponse { ErrorCode = ErrorCode.InvalidRequest };
        var reply = _node.VoteRequested(
            new Candidacy(
                new ReplicaKey(asked.ReplicaId, asked.ReplicaDirectoryId), asked.ReplicaEpoch, new OffsetAndEpoch(asked.LastOffset, asked.LastOffsetEpoch),
                Addressee(request.VoterId, asked.VoterDirectoryId), asked.PreVote),
            new OffsetAndEpoch(_log.EndOffset, LastEpoch));
        RaftDriverLog.VoteAnswered(_logger, asked.ReplicaId, asked.ReplicaEpoch, asked.PreVote, reply.VoteGranted, reply.Error);
        Carry(reply.Actions);
        var response = new VoteResponse();
        response.Topics.Add(new()
        {
            TopicName = Topic,
            Partitions = [new() { ErrorCode = reply.Error, LeaderId = _node.LeaderId ?? -1, LeaderEpoch = _node.Epoch, VoteGranted = reply.VoteGranted }],
        });
        foreach (var (id, host, port) in LeaderEndpoint(listener)) response.NodeEndpoints.Add(new() { NodeId = id, Host = host, Port = port });
        return response;
    });

    /// <summary>Answers BeginQuorumEpoch (API 53).</summary>
    /// <param name="request">The request.</param>
    /// <param name="listener">The listener it came by; null for a version that names no endpoints.</param>
    public Task<BeginQuorumEpochResponse> BeginEpochAsync(BeginQuorumEpochRequest request, string? listener) => OnLoopAsync(() =>
    {
        if (IsOtherCluster(request.ClusterId)) return new BeginQuorumEpochResponse { ErrorCode = ErrorCode.InconsistentClusterId };
        if (request.Topics is not [{ TopicName: Topic, Partitions: [{ PartitionIndex: 0 } told] }]) return new BeginQuorumEpochResponse { ErrorCode = ErrorCode.InvalidRequest };
        var reply = _node.EpochBegun(told.LeaderId, told.LeaderEpoch, Addressee(request.VoterId, told.VoterDirectoryId));
        Carry(reply.Actions);
        var response = new BeginQuorumEpochResponse();
        response.Topics.Add(new()
        {
            TopicName = Topic,
            Partitions = [new() { ErrorCode = reply.Error, LeaderId = _node.LeaderId ?? -1, LeaderEpoch = _node.Epoch }],
        });
        foreach (var (id, host, port) in LeaderEndpoint(listener)) response.NodeEndpoints.Add(new() { NodeId = id, Host = host, Port = port });
        return response;
    });

    /// <summary>Answers EndQuorumEpoch (API 54).</summary>
    /// <param name="request">The request.</param>
    /// <param name="listener">The listener it came by; null for a version that names no endpoints.</param>
    public Task<EndQuorumEpochResponse> EndEpochAsync(EndQuorumEpochRequest request, string? listener) => OnLoopAsync(() =>
    {
        if (IsOtherCluster(request.ClusterId)) return new EndQuorumEpochResponse { ErrorCode = ErrorCode.InconsistentClusterId };
        if (request.Topics is not [{ TopicName: Topic, Partitions: [{ PartitionIndex: 0 } told] }]) return new EndQuorumEpochResponse { ErrorCode = ErrorCode.InvalidRequest };
        var reply = _node.EpochEnded(told.LeaderId, told.LeaderEpoch);
        Carry(reply.Actions);
        var response = new EndQuorumEpochResponse();
        response.Topics.Add(new()
        {
            TopicName = Topic,
            Partitions = [new() { ErrorCode = reply.Error, LeaderId = _node.LeaderId ?? -1, LeaderEpoch = _node.Epoch }],
        });
        foreach (var (id, host, port) in LeaderEndpoint(listener)) response.NodeEndpoints.Add(new() { NodeId = id, Host = host, Port = port });
        return response;
    });

    private int LastEpoch => Math.Max(_log.LastEpoch, _snapshots.Latest?.Epoch ?? 0);

    private static ReplicaKey? Addressee(int id, Uuid directory) => id < 0 ? null : new ReplicaKey(id, directory);

    private bool IsOtherCluster(string? clusterId) => clusterId is not null && clusterId != _options.ClusterId;

    private IEnumerable<(int Id, string Host, ushort Port)> LeaderEndpoint(string? listener)
    {
        if (listener is null || _node.LeaderId is not { } leader) yield break;
        var endpoints = leader == _options.NodeId ? _options.Endpoints
            : _history.Latest.Voters.TryGetValue(leader, out var voter) ? voter.Endpoints : [];
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Listener == listener) yield return (leader, endpoint.Host, (ushort)endpoint.Port);
        }
    }

    private void AwaitElection(RaftRole role)
    {
        _election?.Dispose();
        var timeout = role == RaftRole.Follower ? _options.FetchTimeout : _options.ElectionTimeout * (1 + _options.Random.NextDouble());
        var epoch = _node.Epoch;
        _election = _loop.PostDelayed(timeout, () => Carry(_node.ElectionTimedOut(epoch)));
    }

    /// <summary>Runs what other threads ask on the raft thread.</summary>
    /// <exception cref="KafkaException">The node is stopping (BROKER_NOT_AVAILABLE).</exception>
    private Task<T> OnLoopAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isPosted = _loop.Post(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception e)
            {
                RaftDriverLog.Failed(_logger, e);
                completion.SetException(e);
                throw;
            }
        });
        if (!isPosted) completion.SetException(new KafkaException(ErrorCode.BrokerNotAvailable, $"Node {_options.NodeId} is stopping."));
        return completion.Task;
    }
}
