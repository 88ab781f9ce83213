using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Deleting topics and adding partitions.</summary>
internal sealed partial class ReplicationControlManager
{
    internal ControllerResult<DeleteTopicsResponse> DeleteTopics(DeleteTopicsRequest request, short apiVersion, Action<int>? countPartitionChanges)
    {
        if (!state.Options.Config.GetBoolean("delete.topic.enable"))
        {
            throw apiVersion < 3
                ? new KafkaException(ErrorCode.InvalidRequest, "This version does not support topic deletion.")
                : new KafkaException(ErrorCode.TopicDeletionDisabled);
        }
        var response = new DeleteTopicsResponse();
        var targets = FindTargets(request, response);
        var records = new RecordList();
        foreach (var (id, name) in targets)
        {
            try
            {
                countPartitionChanges?.Invoke(state.Image.Topics.Find(id)!.PartitionCount);
            }
            catch (KafkaException e) when (e.ErrorCode == ErrorCode.ThrottlingQuotaExceeded)
            {
                Answer(response, name, id, ApiError.From(e));
                continue;
            }
            records.Add(new RemoveTopicRecord { TopicId = id });
            Answer(response, name, id, ApiError.None);
        }
        return ControllerResult.Of(records.Records, response);
    }

    internal ControllerResult<CreatePartitionsResponse> CreatePartitions(CreatePartitionsRequest request, Action<int>? countPartitionChanges)
    {
        var response = new CreatePartitionsResponse();
        var records = new RecordList();
        var duplicates = request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var name in duplicates) AddResult(name, new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name."));
        foreach (var topic in request.Topics)
        {
            if (duplicates.Contains(topic.Name)) continue;
            var start = records.Count;
            var error = ApiError.None;
            try
            {
                CreatePartitions(topic, records, countPartitionChanges);
            }
            catch (KafkaException e) when (e.ErrorCode != ErrorCode.PolicyViolation)
            {
                records.CutTo(start);
                error = ApiError.From(e);
            }
            AddResult(topic.Name, error);
        }
        return ControllerResult.Of(request.ValidateOnly ? [] : records.Records, response);

        void AddResult(string name, ApiError error) => response.Results.Add(new CreatePartitionsResponse.CreatePartitionsTopicResult
        {
            Name = name,
            ErrorCode = error.Code,
            ErrorMessage = error.Text,
        });
    }

    private static void Answer(DeleteTopicsResponse response, string? name, Uuid id, ApiError error) =>
        response.Responses.Add(new DeleteTopicsResponse.DeletableTopicResult
        {
            Name = name,
            TopicId = id,
            ErrorCode = error.Code,
            ErrorMessage = error.Text,
        });

    /// <summary>The topics that the request names rightly; the others are answered.</summary>
    private SortedDictionary<Uuid, string> FindTargets(DeleteTopicsRequest request, DeleteTopicsResponse response)
    {
        List<string> names = [.. request.TopicNames];
        List<Uuid> ids = [];
        foreach (var topic in request.Topics)
        {
            if (topic.Name is null)
            {
                if (topic.TopicId == Uuid.Zero) Answer(response, null, Uuid.Zero, Invalid("Neither topic name nor id were specified."));
                else ids.Add(topic.TopicId);
            }
            else if (topic.TopicId == Uuid.Zero)
            {
                names.Add(topic.Name);
            }
            else
            {
                Answer(response, topic.Name, topic.TopicId, Invalid("You may not specify both topic name and topic id."));
            }
        }

        var targets = new SortedDictionary<Uuid, string>();
        var duplicateIds = new HashSet<Uuid>();
        foreach (var group in ids.GroupBy(id => id))
        {
            if (group.Count() > 1)
            {
                duplicateIds.Add(group.Key);
                Answer(response, null, group.Key, Invalid("Duplicate topic id."));
            }
            else if (state.Image.Topics.Find(group.Key) is { } topic)
            {
                targets[group.Key] = topic.Name;
            }
            else
            {
                Answer(response, null, group.Key, new ApiError(ErrorCode.UnknownTopicId));
            }
        }
        foreach (var group in names.GroupBy(name => name, StringComparer.Ordinal))
        {
            if (group.Count() > 1)
            {
                Answer(response, group.Key, Uuid.Zero, Invalid("Duplicate topic name."));
            }
            else if (state.Image.Topics.Find(group.Key) is not { } topic)
            {
                Answer(response, group.Key, Uuid.Zero, new ApiError(ErrorCode.UnknownTopicOrPartition));
            }
            else if (duplicateIds.Contains(topic.Id) || !targets.TryAdd(topic.Id, topic.Name))
            {
                targets.Remove(topic.Id);
                Answer(response, topic.Name, topic.Id, Invalid("The provided topic name maps to an ID that was already supplied."));
            }
        }
        return targets;

        static ApiError Invalid(string message) => new(ErrorCode.InvalidRequest, message);
    }

    private void CreatePartitions(CreatePartitionsRequest.CreatePartitionsTopic topic, RecordList records, Action<int>? countPartitionChanges)
    {
        var existing = state.Image.Topics.Find(topic.Name) ?? throw new KafkaException(ErrorCode.UnknownTopicOrPartition);
        var start = existing.PartitionCount;
        if (topic.Count == start)
        {
            throw new KafkaException(ErrorCode.InvalidPartitions, $"Topic already has {start} partition(s).");
        }
        if (topic.Count < start)
        {
            throw new KafkaException(
                ErrorCode.InvalidPartitions,
                $"The topic {topic.Name} currently has {start} partition(s); {topic.Count} would not be an increase.");
        }
        var additional = topic.Count - start;
        if (topic.Assignments is { } given && given.Count != additional)
        {
            throw new KafkaException(
                ErrorCode.InvalidReplicaAssignment,
                $"Attempted to add {additional} additional partition(s), but only {given.Count} assignment(s) were specified.");
        }
        if (additional > RecordList.MaxRecords - records.Count)
        {
            throw new KafkaException(ErrorCode.PolicyViolation, "Unable to perform excessively large batch operation.");
        }
        countPartitionChanges?.Invoke(additional);
        var replicationFactor = existing.Partition(0)!.Replicas.Length;
        var isManual = topic.Assignments is not null;
        var assignments = isManual
            ? topic.Assignments!.ConvertAll(a => a.BrokerIds)
            : placer.Place(additional, replicationFactor, cluster.UsableBrokers());
        for (var i = 0; i < additional; i++)
        {
            if (isManual) ValidateManualAssignment(assignments[i], replicationFactor);
            var isr = ActiveOf(assignments[i]);
            if (isr.Length == 0)
            {
                throw isManual
                    ? new KafkaException(
                        ErrorCode.InvalidReplicaAssignment,
                        $"All brokers specified in the manual partition assignment for partition {start + i} are fenced or in controlled shutdown.")
                    : AllFenced(replicationFactor);
            }
            AddPartition(records, existing.Id, start + i, NewPartition(assignments[i], isr));
        }
    }
}
