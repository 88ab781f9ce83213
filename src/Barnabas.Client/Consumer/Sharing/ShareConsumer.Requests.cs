using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Sharing;

// One fetch in flight to each leader; its answer is taken by the caller's next poll.
public sealed partial class ShareConsumer<TKey, TValue>
{
    private void SendFetches()
    {
        var targets = Targets();
        var now = _cluster.Time.GetTimestamp();
        foreach (var (nodeId, session) in _sessions)
        {
            if (session.InFlight is not null || session.Commits.Count > 0 || now < session.NotBeforeTimestamp) continue;
            var partitions = targets.GetValueOrDefault(nodeId) ?? [];
            RefuseWithoutSession(session, []);
            if (partitions.Count == 0 && session.Pending.IsEmpty && !session.HasPartitions) continue;
            session.InFlight = FetchAsync(session.Node, session.Fetch(_options, MemberId, partitions));
            _ = WakeAsync(session.InFlight);
        }
    }

    private Dictionary<int, List<SharedPartition>> Targets()
    {
        var targets = new Dictionary<int, List<SharedPartition>>();
        var snapshot = _cluster.Metadata.Current;
        foreach (var (topicId, index) in _membership.Assigned)
        {
            if (snapshot.FindTopic(topicId) is not { } topic || snapshot.LeaderOf(new TopicPartition(topic.Name, index)) is not { } leader)
            {
                _cluster.Metadata.RequestUpdate();
                continue;
            }

            if (!_sessions.TryGetValue(leader.Id, out var session)) _sessions[leader.Id] = session = new ShareSession(leader);
            session.Node = leader;
            if (!targets.TryGetValue(leader.Id, out var partitions)) targets[leader.Id] = partitions = [];
            partitions.Add(new SharedPartition(topicId, new TopicPartition(topic.Name, index)));
        }

        return targets;
    }

    private async Task<ShareFetchResponse> FetchAsync(Node node, ShareFetchRequest request)
    {
        var connection = await _cluster.ConnectAsync(node, ConnectionRole.Fetch, _stopping.Token);
        return await connection.SendAsync(request, _stopping.Token, _options.RequestTimeout + _options.FetchMaxWait);
    }

    private async Task WakeAsync(Task fetch)
    {
        await fetch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _signal.Set();
    }

    private async ValueTask FinishAsync(ShareSession session, CancellationToken cancellationToken)
    {
        await session.LastRequest.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        Receive(session);
    }

    private async ValueTask SendAcknowledgementsAsync(Dictionary<TopicPartition, KafkaException?> results, CancellationToken cancellationToken)
    {
        foreach (var session in _sessions.Values)
        {
            await FinishAsync(session, cancellationToken);
            if (!session.Pending.IsEmpty) await AcknowledgeAsync(session, results, isLast: false, cancellationToken);
        }
    }

    private async ValueTask AcknowledgeAsync(ShareSession session, Dictionary<TopicPartition, KafkaException?> results, bool isLast, CancellationToken cancellationToken)
    {
        RefuseWithoutSession(session, results);
        if (session.Epoch == 0) return;
        var request = session.Acknowledge(_options, MemberId, isLast);
        KafkaException? refused;
        ShareAcknowledgeResponse? response = null;
        try
        {
            var connection = await _cluster.ConnectAsync(session.Node, ConnectionRole.Fetch, cancellationToken);
            response = await connection.SendAsync(request, cancellationToken);
            refused = response.ErrorCode == ErrorCode.None ? null : response.ErrorCode.ToException(response.ErrorMessage);
        }
        catch (KafkaException error)
        {
            refused = error;
        }

        TellAnswer(session.Sent, response, refused, results);

        if (refused is null) session.Succeeded();
        else session.Reset();
    }

    // A session cannot begin with acknowledgements: these belong to one that is gone, and its records with it.
    private void RefuseWithoutSession(ShareSession session, Dictionary<TopicPartition, KafkaException?> results)
    {
        if (session.Epoch != 0 || session.Pending.IsEmpty) return;
        var error = ErrorCode.ShareSessionNotFound.ToException();
        foreach (var partition in session.Pending.Partitions) results[partition.Partition] = error;
        Tell(session.Pending, error);
        session.Reset();
    }
}
