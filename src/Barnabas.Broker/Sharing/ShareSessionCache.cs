using Barnabas.Protocol;

namespace Barnabas.Broker.Sharing;

/// <summary>
/// The share sessions of a broker, one for each member of a group, at most group.share.max.share.sessions. A session ends with
/// its final epoch or with its connection. Safe from any thread.
/// </summary>
internal sealed class ShareSessionCache(int maxSessions)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string GroupId, string MemberId), ShareSession> _sessions = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _sessions.Count;
        }
    }

    /// <summary>Resolves a fetch: a new session, the next request of one, or its last.</summary>
    /// <returns>All partitions of the session in an order of their own for each epoch; the last request fetches nothing.</returns>
    /// <exception cref="KafkaException">SHARE_SESSION_NOT_FOUND, INVALID_SHARE_SESSION_EPOCH, SHARE_SESSION_LIMIT_REACHED, or INVALID_REQUEST for acknowledgements without a session.</exception>
    public IReadOnlyList<SharedPartition> Fetch(
        string groupId, string memberId, int epoch, IReadOnlyList<SharedPartition> asked, IReadOnlyList<SharedPartition> forgotten, bool hasAcknowledgements, long connectionId)
    {
        lock (_lock)
        {
            if (epoch == ShareSession.FinalEpoch)
            {
                Get(groupId, memberId);
                return [];
            }

            if (epoch != ShareSession.InitialEpoch)
            {
                var session = Advance(groupId, memberId, epoch);
                session.Update(asked, forgotten);
                return Rotate(session.Partitions, epoch);
            }

            if (hasAcknowledgements)
                throw Error(ErrorCode.InvalidRequest);
            _sessions.Remove((groupId, memberId));
            if (_sessions.Count >= maxSessions)
                throw Error(ErrorCode.ShareSessionLimitReached);
            var created = new ShareSession(groupId, memberId, connectionId);
            created.Update(asked, []);
            _sessions.Add((groupId, memberId), created);
            return Rotate(created.Partitions, epoch);
        }
    }

    /// <summary>Resolves an acknowledgement, which advances the session too, but for its last.</summary>
    /// <exception cref="KafkaException">SHARE_SESSION_NOT_FOUND or INVALID_SHARE_SESSION_EPOCH.</exception>
    public void Acknowledge(string groupId, string memberId, int epoch)
    {
        if (epoch == ShareSession.InitialEpoch)
            throw Error(ErrorCode.InvalidShareSessionEpoch);
        lock (_lock)
        {
            if (epoch == ShareSession.FinalEpoch)
                Get(groupId, memberId);
            else
                Advance(groupId, memberId, epoch);
        }
    }

    /// <summary>Ends a session.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="memberId">The member.</param>
    /// <param name="connectionId">End it only if it belongs to this connection; null ends it in any case.</param>
    /// <returns>The session; null where there is none.</returns>
    public ShareSession? Remove(string groupId, string memberId, long? connectionId = null)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue((groupId, memberId), out var session) || (connectionId is { } id && session.ConnectionId != id))
                return null;
            _sessions.Remove((groupId, memberId));
            return session;
        }
    }

    /// <summary>Whether any member of the group has a session.</summary>
    public bool HasGroup(string groupId)
    {
        lock (_lock)
            return _sessions.Keys.Any(key => key.GroupId == groupId);
    }

    private ShareSession Get(string groupId, string memberId) =>
        _sessions.GetValueOrDefault((groupId, memberId)) ?? throw Error(ErrorCode.ShareSessionNotFound);

    private ShareSession Advance(string groupId, string memberId, int epoch)
    {
        var session = Get(groupId, memberId);
        if (session.Epoch != epoch)
            throw Error(ErrorCode.InvalidShareSessionEpoch);
        session.Epoch = ShareSession.NextEpoch(epoch);
        return session;
    }

    /// <summary>Another partition comes first each time, so that none is starved by the limits of a request.</summary>
    private static List<SharedPartition> Rotate(IReadOnlyCollection<SharedPartition> partitions, int epoch)
    {
        if (partitions.Count == 0)
            return [];
        var by = epoch % partitions.Count;
        return [.. partitions.Skip(by), .. partitions.Take(by)];
    }

    private static KafkaException Error(ErrorCode code) => new(code, ErrorCodes.Message(code));
}
