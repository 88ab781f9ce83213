using Barnabas.Protocol;
using Barnabas.Raft.Quorum;

namespace Barnabas.Raft;

/// <summary>What a raft node is configured with.</summary>
public sealed record RaftOptions
{
    /// <summary>The node id.</summary>
    public required int NodeId { get; init; }

    /// <summary>The id of the directory that holds the metadata log.</summary>
    public required Uuid DirectoryId { get; init; }

    /// <summary>The directory of the metadata log: <c>{metadata.log.dir}/__cluster_metadata-0</c>.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>The voters of <c>controller.quorum.voters</c>; empty for a dynamic quorum.</summary>
    public required VoterSet StaticVoters { get; init; }

    /// <summary>The id of the cluster: requests that name another are refused.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Where this node's controller listens, as it tells others.</summary>
    public required IReadOnlyList<VoterEndpoint> Endpoints { get; init; }

    /// <summary>controller.quorum.election.timeout.ms: how long a voter without a leader waits at least, and up to twice as long.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>controller.quorum.fetch.timeout.ms: how long a voter waits for a silent leader.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Spreads election timeouts, so that voters do not start at the same time.</summary>
    public required Random Random { get; init; }

    /// <summary>metadata.max.retention.bytes: older snapshots and log go while log and snapshots are larger; -1 for never.</summary>
    public long RetentionMaxBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>metadata.max.retention.ms: snapshots older than this go once a newer one exists; -1 for never.</summary>
    public long RetentionMaxMs { get; init; } = 604_800_000;

    /// <summary>How often retention is checked.</summary>
    public TimeSpan CleaningInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>False when the owner drains the driver's loop itself, as simulations do.</summary>
    public bool OwnThread { get; init; } = true;
}
