using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Quorum;

namespace Barnabas.Metadata.Controller;

/// <summary>
/// Answers AddRaftVoter and RemoveRaftVoter (KIP-853) as the leader of a quorum of one voter does. Its only voter cannot be removed, and no
/// replica follows it: whoever wants to become a voter has not caught up.
/// </summary>
internal static class VoterChanges
{
    private const string HighWatermarkUnknown = "Request timed out waiting for leader to establish HWM and fence previous voter changes";

    internal static AddRaftVoterResponse Add(QuorumDescription quorum, short kraftVersion, ControllerOptions options, AddRaftVoterRequest request)
    {
        var error = CheckCluster(options, request.ClusterId) ?? CheckVoter("Add", request.VoterId) ?? CheckEndpoint(options, request)
            ?? CheckQuorum(quorum, kraftVersion, options, "adding") ?? CheckNew(quorum, new ReplicaKey(request.VoterId, request.VoterDirectoryId));
        return new AddRaftVoterResponse { ErrorCode = error.Code, ErrorMessage = error.Text };
    }

    internal static RemoveRaftVoterResponse Remove(QuorumDescription quorum, short kraftVersion, ControllerOptions options, RemoveRaftVoterRequest request)
    {
        var error = CheckCluster(options, request.ClusterId) ?? CheckVoter("Remove", request.VoterId) ?? CheckQuorum(quorum, kraftVersion, options, "removing")
            ?? new ApiError(ErrorCode.VoterNotFound,
                $"Cannot remove voter {Text(new ReplicaKey(request.VoterId, request.VoterDirectoryId))} from the set of voters {Voters(quorum)}");
        return new RemoveRaftVoterResponse { ErrorCode = error.Code, ErrorMessage = error.Text };
    }

    private static ApiError? CheckCluster(ControllerOptions options, string? clusterId) =>
        clusterId is null || clusterId == options.ClusterId ? null
        : new ApiError(ErrorCode.InconsistentClusterId, $"The given id \"{clusterId}\" doesn't match the cluster id \"{options.ClusterId}\"");

    private static ApiError? CheckVoter(string change, int voterId) =>
        voterId >= 0 ? null : new ApiError(ErrorCode.InvalidRequest, $"{change} voter request didn't include a valid voter");

    private static ApiError? CheckEndpoint(ControllerOptions options, AddRaftVoterRequest request)
    {
        var wanted = options.Config.ControllerListenerNames[0];
        if (request.Listeners.Exists(listener => listener.Name == wanted))
            return null;
        var given = string.Join(", ", request.Listeners.Select(listener => $"ListenerName({listener.Name})={listener.Host}/<unresolved>:{listener.Port}"));
        return new ApiError(ErrorCode.InvalidRequest, $"Add voter request didn't include the endpoint (Endpoints(endpoints={{{given}}})) for the default listener ListenerName({wanted})");
    }

    private static ApiError? CheckQuorum(QuorumDescription quorum, short kraftVersion, ControllerOptions options, string change) =>
        !quorum.Leader.IsLeader(options.NodeId) ? new ApiError(ErrorCode.NotLeaderOrFollower)
        : quorum.HighWatermark < 0 ? new ApiError(ErrorCode.RequestTimedOut, HighWatermarkUnknown)
        : kraftVersion == 0 ? new ApiError(ErrorCode.UnsupportedVersion, $"Cluster doesn't support {change} voter because the kraft.version feature is {kraftVersion}")
        : null;

    private static ApiError CheckNew(QuorumDescription quorum, ReplicaKey voter) =>
        quorum.Voters.Any(present => present.Key.Id == voter.Id)
            ? new ApiError(ErrorCode.DuplicateVoter, $"The voter id for {Text(voter)} is already part of the set of voters {Voters(quorum)}.")
            : new ApiError(ErrorCode.RequestTimedOut, $"Aborted add voter operation for {Text(voter)} since it is lagging behind");

    private static string Voters(QuorumDescription quorum) => $"[{string.Join(", ", quorum.Voters.Select(voter => Text(voter.Key)))}]";

    private static string Text(ReplicaKey key) => $"ReplicaKey(id={key.Id}, directoryId={(key.DirectoryId == Uuid.Zero ? "<undefined>" : key.DirectoryId)})";
}
