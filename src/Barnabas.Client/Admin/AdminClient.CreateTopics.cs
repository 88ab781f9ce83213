using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Creates topics, or checks whether it could.</summary>
    /// <param name="topics">What to create.</param>
    /// <param name="validateOnly">Change nothing.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<string, Outcome<CreatedTopic>>> CreateTopicsAsync(
        IReadOnlyCollection<NewTopic> topics, bool validateOnly = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var byName = topics.ToDictionary(topic => topic.Name);
        var call = new KeyedCall<string, CreatedTopic>("createTopics", byName.Keys);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var request = new CreateTopicsRequest { TimeoutMs = TimeoutMs(timeout), ValidateOnly = validateOnly };
            foreach (var name in open) request.Topics.Add(ToCreatable(byName[name]));
            var response = await SendToControllerAsync(request, token);
            foreach (var topic in response.Topics)
            {
                ThrowIfControllerMoved(topic.ErrorCode);
                if (IsControllerRetry(topic.ErrorCode)) call.Retry(topic.Name, topic.ErrorCode.ToException(topic.ErrorMessage));
                else if (topic.ErrorCode != ErrorCode.None) call.Fail(topic.Name, topic.ErrorCode.ToException(topic.ErrorMessage));
                else call.Succeed(topic.Name, new CreatedTopic(topic.TopicId, topic.NumPartitions, topic.ReplicationFactor, topic.Configs?.ConvertAll(ToEntry)));
            }
        }, cancellationToken);
    }

    private static CreateTopicsRequest.CreatableTopic ToCreatable(NewTopic topic)
    {
        var creatable = new CreateTopicsRequest.CreatableTopic { Name = topic.Name, NumPartitions = topic.PartitionCount, ReplicationFactor = topic.ReplicationFactor };
        if (topic.Assignments is { } assignments)
        {
            (creatable.NumPartitions, creatable.ReplicationFactor) = (-1, -1);
            foreach (var (partition, brokers) in assignments)
                creatable.Assignments.Add(new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = partition, BrokerIds = [.. brokers] });
        }

        foreach (var (name, value) in topic.Configs) creatable.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig { Name = name, Value = value });
        return creatable;
    }

    private static ConfigEntry ToEntry(CreateTopicsResponse.CreatableTopicConfigs config) => new()
    {
        Name = config.Name,
        Value = config.Value,
        IsReadOnly = config.ReadOnly,
        IsSensitive = config.IsSensitive,
        Source = (ConfigEntrySource)config.ConfigSource,
    };
}
