namespace Barnabas.Raft.Driver;

/// <summary>One listener and what it has been given. Lives on the raft thread.</summary>
internal sealed class ListenerContext(IRaftListener listener)
{
    internal IRaftListener Listener { get; } = listener;

    /// <summary>The next offset to deliver.</summary>
    internal long NextOffset { get; set; }

    /// <summary>The last leader change delivered.</summary>
    internal LeaderAndEpoch? LastLeader { get; set; }
}
