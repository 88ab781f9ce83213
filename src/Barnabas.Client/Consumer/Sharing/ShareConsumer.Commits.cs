using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Sharing;

// Commits that nobody waits for. Requests to a node go one after the other, so that a commit waits for the fetch before it.
public sealed partial class ShareConsumer<TKey, TValue>
{
    /// <summary>
    /// Sends the acknowledgements and does not wait: <see cref="AcknowledgementsCommitted"/> is told what became of them, inside a later poll,
    /// commit or the disposal. As Kafka's <c>commitAsync</c>.
    /// </summary>
    public void CommitInBackground()
    {
        using var entry = Enter();
        AcceptIfImplicit();
        TakeAcknowledgements();
        foreach (var session in _sessions.Values)
        {
            Receive(session);
            RefuseWithoutSession(session, []);
            if (session.Pending.IsEmpty) continue;
            var before = session.LastRequest;
            var (taken, request) = session.Commit(_options, MemberId);
            var answer = AcknowledgeAfterAsync(before, session.Node, request);
            session.Commits.Enqueue(new ShareCommit(taken, answer));
            _ = WakeAsync(answer);
        }
    }

    private async Task<ShareAcknowledgeResponse> AcknowledgeAfterAsync(Task before, Node node, ShareAcknowledgeRequest request)
    {
        await before;
        // The session of a request that was refused is gone, and with it what was to be acknowledged.
        var code = before switch
        {
            Task<ShareFetchResponse> fetch => (await fetch).ErrorCode,
            Task<ShareAcknowledgeResponse> acknowledge => (await acknowledge).ErrorCode,
            _ => ErrorCode.None,
        };
        if (code != ErrorCode.None) throw ErrorCode.ShareSessionNotFound.ToException();
        var connection = await _cluster.ConnectAsync(node, ConnectionRole.Fetch, _stopping.Token);
        return await connection.SendAsync(request, _stopping.Token);
    }

    /// <summary>Takes the answers that are there.</summary>
    private void ReceiveCommits(ShareSession session)
    {
        while (session.InFlight is null && session.Commits.TryPeek(out var commit) && commit.Answer.IsCompleted)
        {
            session.Commits.Dequeue();
            var response = commit.Answer.IsCompletedSuccessfully ? commit.Answer.Result : null;
            var refused = response is null
                ? commit.Answer.Exception?.InnerException as KafkaException ?? ErrorCode.NetworkException.ToException(commit.Answer.Exception?.InnerException?.Message)
                : response.ErrorCode == ErrorCode.None ? null : response.ErrorCode.ToException(response.ErrorMessage);
            TellAnswer(commit.Acknowledgements, response, refused, []);
            if (refused is null) session.Succeeded();
            else session.Reset();
        }
    }

    private void TellAnswer(
        Acknowledgements acknowledgements, ShareAcknowledgeResponse? response, KafkaException? refused, Dictionary<TopicPartition, KafkaException?> results)
    {
        foreach (var partition in acknowledgements.Partitions)
        {
            var data = response?.Responses.Find(topic => topic.TopicId == partition.TopicId)?.Partitions.Find(one => one.PartitionIndex == partition.Partition.Partition);
            var error = refused ?? (data is null or { ErrorCode: ErrorCode.None } ? null : data.ErrorCode.ToException(data.ErrorMessage));
            if (error is not null && ErrorClassification.NeedsMetadataRefresh(error.ErrorCode)) _cluster.Metadata.RequestUpdate();
            results[partition.Partition] = error;
            Tell(acknowledgements, partition, error);
        }
    }
}
