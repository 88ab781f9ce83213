namespace Barnabas.Raft.Quorum;

/// <summary>How far a replica has come.</summary>
/// <param name="Key">The replica.</param>
/// <param name="LogEndOffset">Its log end offset, -1 when not known.</param>
/// <param name="LastFetchTimestampMs">When it last fetched, -1 when not known.</param>
/// <param name="LastCaughtUpTimestampMs">When it last had everything, -1 when not known.</param>
public sealed record ReplicaDescription(ReplicaKey Key, long LogEndOffset, long LastFetchTimestampMs, long LastCaughtUpTimestampMs);

/// <summary>The state of the quorum at one moment.</summary>
/// <param name="Leader">Leader and epoch.</param>
/// <param name="HighWatermark">The high watermark, -1 when not known.</param>
/// <param name="Voters">The voters.</param>
/// <param name="Observers">The replicas that follow without a vote.</param>
/// <param name="VoterNodes">The voters with their endpoints.</param>
public sealed record QuorumDescription(
    LeaderAndEpoch Leader,
    long HighWatermark,
    IReadOnlyList<ReplicaDescription> Voters,
    IReadOnlyList<ReplicaDescription> Observers,
    VoterSet VoterNodes);
