using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Driver;

/// <summary>How far the replicas have come that follow this leader without a vote. Safe for use from any thread.</summary>
internal sealed class ObserverStates
{
    /// <summary>One that has not fetched for so long is forgotten.</summary>
    internal const long SessionTimeoutMs = 300_000;

    private const int MaxObservers = 1000;
    private readonly Lock _lock = new();
    private readonly Dictionary<ReplicaKey, State> _states = [];

    private sealed record State(long EndOffset, long FetchedMs, long CaughtUpMs, long LeaderEndOffset);

    /// <summary>Notes a fetch.</summary>
    /// <param name="replica">Who fetched.</param>
    /// <param name="offset">From where.</param>
    /// <param name="leaderEndOffset">The leader's log end offset at that time.</param>
    /// <param name="nowMs">The time.</param>
    internal void Fetched(ReplicaKey replica, long offset, long leaderEndOffset, long nowMs)
    {
        lock (_lock)
        {
            Forget(nowMs);
            if (!_states.TryGetValue(replica, out var known))
            {
                if (_states.Count >= MaxObservers) return;
                known = new State(-1, -1, -1, -1);
            }
            var caughtUp = offset >= leaderEndOffset ? nowMs
                : known.LeaderEndOffset > 0 && offset >= known.LeaderEndOffset ? known.FetchedMs
                : known.CaughtUpMs;
            _states[replica] = new State(offset, nowMs, caughtUp, leaderEndOffset);
        }
    }

    internal void Clear()
    {
        lock (_lock) _states.Clear();
    }

    internal IReadOnlyList<ReplicaDescription> Describe(long nowMs)
    {
        lock (_lock)
        {
            Forget(nowMs);
            return [.. _states.OrderBy(s => s.Key.Id).Select(s => new ReplicaDescription(s.Key, s.Value.EndOffset, s.Value.FetchedMs, s.Value.CaughtUpMs))];
        }
    }

    private void Forget(long nowMs)
    {
        foreach (var (replica, state) in _states)
        {
            if (nowMs - state.FetchedMs > SessionTimeoutMs) _states.Remove(replica);
        }
    }
}
