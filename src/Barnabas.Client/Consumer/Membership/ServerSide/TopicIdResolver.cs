using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership.ServerSide;

/// <summary>
/// Names of topics that the coordinator assigns by id. Most are in the metadata; those that a pattern of the coordinator
/// brought are asked for, besides the poll. <see cref="Find"/> is the poll's alone.
/// </summary>
internal sealed class TopicIdResolver(ConsumerContext context)
{
    private const short LowestVersionOfTopicIds = 12;
    private readonly Dictionary<Uuid, string> _names = [];
    private Task<Dictionary<Uuid, string>> _asking = Task.FromResult(new Dictionary<Uuid, string>());
    private long _notBeforeTimestamp;

    /// <summary>The name; null while it is not known.</summary>
    public string? Find(Uuid topicId)
    {
        TakeAnswer();
        if (context.Cluster.Metadata.Current.FindTopic(topicId) is { } topic) _names[topicId] = topic.Name;
        return _names.GetValueOrDefault(topicId);
    }

    /// <summary>Forgets what is not assigned any more.</summary>
    public void KeepOnly(IEnumerable<Uuid> topicIds)
    {
        var kept = topicIds.ToHashSet();
        foreach (var id in _names.Keys.Where(id => !kept.Contains(id)).ToList()) _names.Remove(id);
    }

    /// <summary>Asks for names that are missing; the poll is woken when they may be there.</summary>
    public void Ask(IReadOnlyCollection<Uuid> topicIds)
    {
        if (topicIds.Count == 0 || !_asking.IsCompleted || context.Time.GetTimestamp() < _notBeforeTimestamp) return;
        _notBeforeTimestamp = context.TimestampAfter(context.Options.RetryBackoff);
        _asking = AskAsync(topicIds, context.Stopping.Token);
    }

    public Task StopAsync() => _asking;

    private void TakeAnswer()
    {
        if (!_asking.IsCompletedSuccessfully) return;
        foreach (var (id, name) in _asking.Result) _names[id] = name;
    }

    // Never faults: what is still missing is asked for again.
    private async Task<Dictionary<Uuid, string>> AskAsync(IReadOnlyCollection<Uuid> topicIds, CancellationToken cancellationToken)
    {
        var names = new Dictionary<Uuid, string>();
        try
        {
            var connection = await context.Cluster.ConnectToAnyAsync(cancellationToken);
            var request = new MetadataRequest { AllowAutoTopicCreation = false, Topics = [.. topicIds.Select(static id => new MetadataRequest.MetadataRequestTopic { TopicId = id, Name = null })] };
            var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.Metadata, LowestVersionOfTopicIds), cancellationToken);
            foreach (var topic in response.Topics)
            {
                if (topic is { ErrorCode: ErrorCode.None, Name: { } name }) names[topic.TopicId] = name;
            }
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            ConsumerLog.TopicIdsNotResolved(context.Logger, string.Join(", ", topicIds), error.Message);
        }

        context.Signal.Set();
        return names;
    }
}
