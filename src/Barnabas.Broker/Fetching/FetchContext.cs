using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Fetching;

/// <summary>What one fetch is about: its partitions, and the session that its response belongs to.</summary>
internal sealed class FetchContext
{
    private readonly FetchSession? _session;
    private readonly bool _isFull;

    private FetchContext(List<FetchTarget> targets, FetchSession? session, bool isFull)
    {
        Targets = targets;
        _session = session;
        _isFull = isFull;
    }

    public List<FetchTarget> Targets { get; }

    public int SessionId => _session?.Id ?? 0;

    /// <summary>Resolves the session of a request (KIP-227).</summary>
    /// <exception cref="KafkaException">FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH or FETCH_SESSION_TOPIC_ID_ERROR.</exception>
    public static FetchContext Create(FetchRequest request, short version, FetchSessionCache sessions)
    {
        const short FirstVersionWithTopicIds = 13;
        var usesTopicIds = version >= FirstVersionWithTopicIds;
        var asked = TargetsOf(request);
        if (request.SessionEpoch is FetchSession.FinalEpoch or FetchSession.InitialEpoch)
        {
            if (request.SessionId != 0)
                sessions.Remove(request.SessionId);
            var created = request.SessionEpoch == FetchSession.InitialEpoch ? sessions.TryCreate(usesTopicIds, asked) : null;
            return new FetchContext(asked, created, isFull: true);
        }
        var session = sessions.Find(request.SessionId) ?? throw Error(ErrorCode.FetchSessionIdNotFound);
        if (session.UsesTopicIds != usesTopicIds)
            throw Error(ErrorCode.FetchSessionTopicIdError);
        var all = session.TryUpdate(request.SessionEpoch, asked, ForgottenOf(request)) ?? throw Error(ErrorCode.InvalidFetchSessionEpoch);
        if (all.Count == 0)
        {
            sessions.Remove(session.Id);
            session = null;
        }
        return new FetchContext(all, session, isFull: false);
    }

    /// <summary>Whether the response has to tell of this partition.</summary>
    public bool Note(FetchTarget target, in PartitionRead read) => _session is null || _session.Note(target, read, _isFull);

    private static List<FetchTarget> TargetsOf(FetchRequest request)
    {
        var count = 0;
        foreach (var topic in request.Topics)
            count += topic.Partitions.Count;
        var targets = new List<FetchTarget>(count);
        foreach (var topic in request.Topics)
        {
            foreach (var p in topic.Partitions)
            {
                targets.Add(new FetchTarget(
                    topic.Topic, topic.TopicId, p.Partition, p.FetchOffset, p.PartitionMaxBytes, p.CurrentLeaderEpoch, p.LastFetchedEpoch, p.LogStartOffset));
            }
        }
        return targets;
    }

    private static IEnumerable<FetchKey> ForgottenOf(FetchRequest request)
    {
        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
                yield return new FetchKey(topic.Topic, topic.TopicId, partition);
        }
    }

    private static KafkaException Error(ErrorCode code) => new(code, ErrorCodes.Message(code));
}
