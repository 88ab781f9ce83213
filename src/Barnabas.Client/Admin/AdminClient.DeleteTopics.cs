using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Deletes topics by name.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<Done>>> DeleteTopicsAsync(
        IReadOnlyCollection<string> names, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, Done>("deleteTopics", names);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var connection = await _cluster.ConnectToControllerAsync(token);
            var version = connection.Versions.Choose(ApiKey.DeleteTopics);
            var request = new DeleteTopicsRequest { TimeoutMs = TimeoutMs(timeout) };
            if (version >= 6) request.Topics = [.. open.Select(name => new DeleteTopicsRequest.DeleteTopicState { Name = name })];
            else request.TopicNames = [.. open];
            var response = await connection.SendAsync(request, version, token);
            foreach (var topic in response.Responses) Settle(call, topic.Name!, topic);
        }, cancellationToken);
    }

    /// <summary>Deletes topics by id (KIP-516).</summary>
    public Task<IReadOnlyDictionary<Uuid, Outcome<Done>>> DeleteTopicsAsync(
        IReadOnlyCollection<Uuid> topicIds, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<Uuid, Done>("deleteTopics", topicIds);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var connection = await _cluster.ConnectToControllerAsync(token);
            var request = new DeleteTopicsRequest
            {
                TimeoutMs = TimeoutMs(timeout),
                Topics = [.. open.Select(id => new DeleteTopicsRequest.DeleteTopicState { TopicId = id })],
            };
            var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.DeleteTopics, lowest: 6), token);
            foreach (var topic in response.Responses) Settle(call, topic.TopicId, topic);
        }, cancellationToken);
    }

    private void Settle<TKey>(KeyedCall<TKey, Done> call, TKey key, DeleteTopicsResponse.DeletableTopicResult result) where TKey : notnull
    {
        ThrowIfControllerMoved(result.ErrorCode);
        if (IsControllerRetry(result.ErrorCode)) call.Retry(key, result.ErrorCode.ToException(result.ErrorMessage));
        else if (result.ErrorCode != ErrorCode.None) call.Fail(key, result.ErrorCode.ToException(result.ErrorMessage));
        else call.Succeed(key, default);
    }
}
