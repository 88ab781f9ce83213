namespace Barnabas.Raft;

/// <summary>An append was asked of a node that does not lead the quorum in that epoch.</summary>
public sealed class NotLeaderException(string message) : Exception(message);

/// <summary>The quorum's files or configuration do not allow this node to take part; the message says what an operator does.</summary>
public sealed class RaftConfigurationException(string message) : Exception(message);
