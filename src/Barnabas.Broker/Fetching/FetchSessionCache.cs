namespace Barnabas.Broker.Fetching;

/// <summary>
/// All fetch sessions of a broker, at most max.incremental.fetch.session.cache.slots. When full, a new session takes the place
/// of one that was not used for two minutes, or of a smaller one as old as that; otherwise the client goes without. Safe from any thread.
/// </summary>
internal sealed class FetchSessionCache(int maxSessions, TimeProvider time, Random random)
{
    private static readonly TimeSpan EvictionAge = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _sessions.Count;
        }
    }

    public FetchSession? Find(int id)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out var session))
                return null;
            session.LastUsedTimestamp = time.GetTimestamp();
            return session;
        }
    }

    public void Remove(int id)
    {
        lock (_lock)
            _sessions.Remove(id);
    }

    /// <summary>Makes a session of these partitions; null where there is no room.</summary>
    public FetchSession? TryCreate(bool usesTopicIds, IReadOnlyCollection<FetchTarget> targets)
    {
        if (targets.Count == 0)
            return null;
        lock (_lock)
        {
            if (_sessions.Count >= maxSessions && !TryEvict(targets.Count))
                return null;
            var session = new FetchSession(NewId(), usesTopicIds, time.GetTimestamp());
            session.Put(targets);
            _sessions.Add(session.Id, session);
            return session;
        }
    }

    private bool TryEvict(int newCount)
    {
        FetchSession? victim = null;
        foreach (var session in _sessions.Values)
        {
            var isStale = time.GetElapsedTime(session.LastUsedTimestamp) > EvictionAge;
            var isSmallerAndOld = time.GetElapsedTime(session.CreatedTimestamp) > EvictionAge && session.Count < newCount;
            if ((isStale || isSmallerAndOld) && (victim is null || session.LastUsedTimestamp < victim.LastUsedTimestamp))
                victim = session;
        }
        return victim is not null && _sessions.Remove(victim.Id);
    }

    private int NewId()
    {
        int id;
        do
            id = random.Next(1, int.MaxValue);
        while (_sessions.ContainsKey(id));
        return id;
    }
}
