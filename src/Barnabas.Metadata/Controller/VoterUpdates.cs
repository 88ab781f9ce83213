using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Quorum;

namespace Barnabas.Metadata.Controller;

/// <summary>Answers UpdateRaftVoter (KIP-853): a voter tells the leader where it listens and which kraft.version it supports.</summary>
internal static class VoterUpdates
{
    /// <param name="quorum">The quorum now.</param>
    /// <param name="kraftVersion">The finalized kraft.version.</param>
    /// <param name="options">The controller's options.</param>
    /// <param name="request">The request.</param>
    /// <param name="append">Writes the changed voters.</param>
    internal static UpdateRaftVoterResponse Update(
        QuorumDescription quorum, short kraftVersion, ControllerOptions options, UpdateRaftVoterRequest request, Action<VoterSet> append)
    {
        var error = Check(quorum, kraftVersion, options, request);
        // A static quorum keeps its voters in configurations: what a voter tells there counts once kraft.version is raised.
        if (error == ErrorCode.None && kraftVersion > 0) append(quorum.VoterNodes.With(VoterOf(request)));
        var response = new UpdateRaftVoterResponse { ErrorCode = error };
        response.CurrentLeader.LeaderId = quorum.Leader.LeaderId ?? -1;
        response.CurrentLeader.LeaderEpoch = quorum.Leader.Epoch;
        if (quorum.Leader.LeaderId is { } leader && quorum.VoterNodes.Voters.TryGetValue(leader, out var node) && node.Endpoints is [var endpoint, ..])
        {
            response.CurrentLeader.Host = endpoint.Host;
            response.CurrentLeader.Port = endpoint.Port;
        }
        return response;
    }

    private static ErrorCode Check(QuorumDescription quorum, short kraftVersion, ControllerOptions options, UpdateRaftVoterRequest request)
    {
        if (request.ClusterId is not null && request.ClusterId != options.ClusterId) return ErrorCode.InconsistentClusterId;
        if (request.CurrentLeaderEpoch != quorum.Leader.Epoch)
            return request.CurrentLeaderEpoch < quorum.Leader.Epoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
        if (!quorum.Leader.IsLeader(options.NodeId)) return ErrorCode.NotLeaderOrFollower;
        var listener = options.Config.ControllerListenerNames[0];
        var (min, max) = (request.KRaftVersionFeature.MinSupportedVersion, request.KRaftVersionFeature.MaxSupportedVersion);
        if (request.VoterId < 0 || request.VoterDirectoryId == Uuid.Zero || !request.Listeners.Exists(l => l.Name == listener) || min < 0 || max < min)
            return ErrorCode.InvalidRequest;
        if (quorum.HighWatermark < 0) return ErrorCode.RequestTimedOut;
        if (min > kraftVersion || max < kraftVersion) return ErrorCode.InvalidRequest;
        return quorum.VoterNodes.IsVoter(new ReplicaKey(request.VoterId, request.VoterDirectoryId)) ? ErrorCode.None : ErrorCode.VoterNotFound;
    }

    private static Voter VoterOf(UpdateRaftVoterRequest request) => new(
        new ReplicaKey(request.VoterId, request.VoterDirectoryId),
        [.. request.Listeners.Select(l => new VoterEndpoint(l.Name, l.Host, l.Port))],
        request.KRaftVersionFeature.MinSupportedVersion,
        request.KRaftVersionFeature.MaxSupportedVersion);
}
