using Barnabas.Protocol;

namespace Barnabas.Raft.Quorum;

/// <summary>A replica of the metadata log: node id and the directory that holds the log.</summary>
/// <param name="Id">The node id.</param>
/// <param name="DirectoryId">The directory id, <see cref="Uuid.Zero"/> when not known (static quorums).</param>
public readonly record struct ReplicaKey(int Id, Uuid DirectoryId);
