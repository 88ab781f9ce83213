using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

// Calls whose keys are partitions and go to each one's leader.
public sealed partial class AdminClient
{
    /// <summary>Asks for the leaders of the open partitions; one without leader stays open, as Kafka's client waits for it.</summary>
    private async Task<Dictionary<int, List<TopicPartition>>> GroupByLeaderAsync<TValue>(
        KeyedCall<TopicPartition, TValue> call, IReadOnlyList<TopicPartition> open, CancellationToken cancellationToken)
    {
        var connection = await _cluster.ConnectToAnyAsync(cancellationToken);
        var version = connection.Versions.Choose(ApiKey.Metadata);
        var request = new MetadataRequest { Topics = [] };
        if (version >= 4) request.AllowAutoTopicCreation = false;
        foreach (var topic in open.Select(partition => partition.Topic).Distinct()) request.Topics.Add(new MetadataRequest.MetadataRequestTopic { Name = topic });
        var response = await connection.SendAsync(request, version, cancellationToken);
        var topics = response.Topics.Where(topic => topic.Name is not null).ToDictionary(topic => topic.Name!, MetadataResponseReader.Topic);

        var byLeader = new Dictionary<int, List<TopicPartition>>();
        foreach (var partition in open)
        {
            var topic = topics.GetValueOrDefault(partition.Topic);
            var error = topic?.Error ?? ErrorCode.UnknownTopicOrPartition;
            if (error != ErrorCode.None)
            {
                if (error is ErrorCode.UnknownTopicOrPartition or ErrorCode.LeaderNotAvailable or ErrorCode.BrokerNotAvailable) call.Retry(partition, error.ToException());
                else call.Fail(partition, error.ToException());
            }
            else if (topic!.Find(partition.Partition) is { LeaderId: >= 0 } found)
            {
                if (!byLeader.TryGetValue(found.LeaderId, out var partitions)) byLeader[found.LeaderId] = partitions = [];
                partitions.Add(partition);
            }
            else
            {
                call.Retry(partition, (topic.Find(partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.LeaderNotAvailable).ToException());
            }
        }

        return byLeader;
    }

    private async Task ForEachLeaderAsync<TValue>(
        KeyedCall<TopicPartition, TValue> call,
        IReadOnlyList<TopicPartition> open,
        Func<NodeConnection, List<TopicPartition>, CancellationToken, Task> ask,
        CancellationToken cancellationToken)
    {
        var byLeader = await GroupByLeaderAsync(call, open, cancellationToken);
        await Task.WhenAll(byLeader.Select(async leader =>
        {
            try
            {
                var connection = await _cluster.ConnectAsync(leader.Key, ConnectionRole.Regular, cancellationToken);
                await ask(connection, leader.Value, cancellationToken);
            }
            catch (KafkaException error)
            {
                var retry = ErrorClassification.IsRetriable(error) || error is NodeNotKnownException;
                lock (call)
                {
                    foreach (var partition in leader.Value)
                    {
                        if (retry) call.Retry(partition, error);
                        else call.Fail(partition, error);
                    }
                }
            }
        }));
    }
}
