using Barnabas.Configuration.Topics;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Creating topics.</summary>
internal sealed partial class ReplicationControlManager
{
    internal ControllerResult<CreateTopicsResponse> CreateTopics(
        CreateTopicsRequest request, Func<string, bool> describable, Action<int>? countPartitionChanges)
    {
        CheckTotalPartitions(request);
        var response = new CreateTopicsResponse();
        var records = new RecordList();
        var duplicates = request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var topic in request.Topics)
        {
            if (duplicates.Contains(topic.Name) || topic.Name == TopicNames.ClusterMetadata) continue;
            var start = records.Count;
            try
            {
                response.Topics.Add(CreateTopic(topic, records, describable(topic.Name), countPartitionChanges));
            }
            catch (KafkaException e) when (e.ErrorCode != ErrorCode.PolicyViolation)
            {
                records.CutTo(start);
                response.Topics.Add(Failed(topic.Name, ApiError.From(e)));
            }
        }
        foreach (var name in duplicates)
        {
            response.Topics.Add(Failed(name, new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name.")));
        }
        if (!duplicates.Contains(TopicNames.ClusterMetadata) && request.Topics.Exists(t => t.Name == TopicNames.ClusterMetadata))
        {
            response.Topics.Add(Failed(TopicNames.ClusterMetadata, new ApiError(
                ErrorCode.InvalidRequest, $"Creation of internal topic {TopicNames.ClusterMetadata} is prohibited.")));
        }
        return ControllerResult.Of(request.ValidateOnly ? [] : records.Records, response);
    }

    private static CreateTopicsResponse.CreatableTopicResult Failed(string name, ApiError error) =>
        new() { Name = name, ErrorCode = error.Code, ErrorMessage = error.Text };

    private void CheckTotalPartitions(CreateTopicsRequest request)
    {
        var total = 0L;
        foreach (var topic in request.Topics)
        {
            if (topic.Assignments.Count > 0) total += topic.Assignments.Count;
            else if (topic.NumPartitions > 0) total += topic.NumPartitions;
            else total += state.Options.Config.NumPartitions;
            if (total > RecordList.MaxRecords)
            {
                throw new KafkaException(ErrorCode.PolicyViolation, "Excessively large number of partitions per request.");
            }
        }
    }

    private CreateTopicsResponse.CreatableTopicResult CreateTopic(
        CreateTopicsRequest.CreatableTopic topic, RecordList records, bool describable, Action<int>? countPartitionChanges)
    {
        if (state.Image.Topics.Find(topic.Name) is not null)
        {
            throw new KafkaException(ErrorCode.TopicAlreadyExists, $"Topic '{topic.Name}' already exists.");
        }
        if (TopicNames.Problem(topic.Name) is { } problem) throw new KafkaException(ErrorCode.InvalidTopicException, problem);
        if (state.Collisions.Find(topic.Name) is { } colliding)
        {
            throw new KafkaException(
                ErrorCode.InvalidTopicException, $"Topic '{topic.Name}' collides with existing topic: {colliding}");
        }
        var configs = CreationConfigs(topic);
        var resource = ConfigResource.ForTopic(topic.Name);
        configuration.Validate(resource, configs, ConfigurationControlManager.NoConfigs);

        var partitions = topic.Assignments.Count > 0 ? AssignManually(topic) : AssignAutomatically(topic);
        countPartitionChanges?.Invoke(partitions.Count);
        var id = NewTopicId();
        records.Add(new TopicRecord { Name = topic.Name, TopicId = id });
        foreach (var (name, value) in configs)
        {
            records.Add(new ConfigRecord
            {
                ResourceType = (sbyte)resource.Type,
                ResourceName = resource.Name,
                Name = name,
                Value = value,
            });
        }
        foreach (var (index, partition) in partitions) AddPartition(records, id, index, partition);
        return Created(topic.Name, id, partitions, configs, describable);
    }

    private static SortedDictionary<string, string> CreationConfigs(CreateTopicsRequest.CreatableTopic topic)
    {
        var configs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        List<string> nulls = [];
        foreach (var config in topic.Configs)
        {
            if (config.Value is null) nulls.Add(config.Name);
            else configs[config.Name] = config.Value;
        }
        return nulls.Count == 0
            ? configs
            : throw new KafkaException(ErrorCode.InvalidConfig, $"Null value not supported for topic configs: {string.Join(',', nulls)}");
    }

    private SortedDictionary<int, PartitionRegistration> AssignManually(CreateTopicsRequest.CreatableTopic topic)
    {
        if (topic.ReplicationFactor != -1)
        {
            throw new KafkaException(
                ErrorCode.InvalidRequest, "A manual partition assignment was specified, but replication factor was not set to -1.");
        }
        if (topic.NumPartitions != -1)
        {
            throw new KafkaException(
                ErrorCode.InvalidRequest, "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }
        var partitions = new SortedDictionary<int, PartitionRegistration>();
        int? replicationFactor = null;
        foreach (var assignment in topic.Assignments)
        {
            if (partitions.ContainsKey(assignment.PartitionIndex))
            {
                throw new KafkaException(
                    ErrorCode.InvalidReplicaAssignment,
                    $"Found multiple manual partition assignments for partition {assignment.PartitionIndex}");
            }
            ValidateManualAssignment(assignment.BrokerIds, replicationFactor);
            replicationFactor = assignment.BrokerIds.Count;
            var isr = ActiveOf(assignment.BrokerIds);
            if (isr.Length == 0)
            {
                throw new KafkaException(
                    ErrorCode.InvalidReplicaAssignment,
                    $"All brokers specified in the manual partition assignment for partition {assignment.PartitionIndex} " +
                    "are fenced or in controlled shutdown.");
            }
            partitions[assignment.PartitionIndex] = NewPartition(assignment.BrokerIds, isr);
        }
        for (var i = 0; i < partitions.Count; i++)
        {
            if (!partitions.ContainsKey(i))
            {
                throw new KafkaException(
                    ErrorCode.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence");
            }
        }
        return partitions;
    }

    private SortedDictionary<int, PartitionRegistration> AssignAutomatically(CreateTopicsRequest.CreatableTopic topic)
    {
        if (topic.ReplicationFactor is < -1 or 0)
        {
            throw new KafkaException(
                ErrorCode.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (topic.NumPartitions is < -1 or 0)
        {
            throw new KafkaException(
                ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        }
        var count = topic.NumPartitions == -1 ? state.Options.Config.NumPartitions : topic.NumPartitions;
        var replicationFactor = topic.ReplicationFactor == -1 ? state.Options.Config.DefaultReplicationFactor : topic.ReplicationFactor;
        IReadOnlyList<List<int>> assignments;
        try
        {
            assignments = placer.Place(count, replicationFactor, cluster.UsableBrokers());
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.InvalidReplicationFactor)
        {
            throw new KafkaException(
                ErrorCode.InvalidReplicationFactor, $"Unable to replicate the partition {replicationFactor} time(s): {e.Message}", e);
        }
        var partitions = new SortedDictionary<int, PartitionRegistration>();
        for (var i = 0; i < assignments.Count; i++)
        {
            var isr = ActiveOf(assignments[i]);
            if (isr.Length == 0) throw AllFenced(replicationFactor);
            partitions[i] = NewPartition(assignments[i], isr);
        }
        return partitions;
    }

    private static KafkaException AllFenced(int replicationFactor) => new(
        ErrorCode.InvalidReplicationFactor,
        $"Unable to replicate the partition {replicationFactor} time(s): All brokers are currently fenced or in controlled shutdown.");

    private CreateTopicsResponse.CreatableTopicResult Created(
        string name,
        Uuid id,
        SortedDictionary<int, PartitionRegistration> partitions,
        SortedDictionary<string, string> configs,
        bool describable)
    {
        var result = new CreateTopicsResponse.CreatableTopicResult { Name = name, TopicId = id };
        if (!describable)
        {
            result.TopicConfigErrorCode = (short)ErrorCode.TopicAuthorizationFailed;
            return result;
        }
        result.NumPartitions = partitions.Count;
        result.ReplicationFactor = (short)partitions[0].Replicas.Length;
        result.Configs = [];
        foreach (var entry in TopicConfigDescriber.ResolveEffective(state.EffectiveConfig, configs).OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            result.Configs.Add(new CreateTopicsResponse.CreatableTopicConfigs
            {
                Name = entry.Name,
                Value = entry.IsSensitive ? null : entry.Value,
                ReadOnly = entry.IsReadOnly,
                ConfigSource = (sbyte)entry.Source,
                IsSensitive = entry.IsSensitive,
            });
        }
        return result;
    }
}
