using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Moving partitions to other brokers (KIP-455).</summary>
internal sealed partial class ReplicationControlManager
{
    internal ControllerResult<AlterPartitionReassignmentsResponse> AlterReassignments(AlterPartitionReassignmentsRequest request)
    {
        var records = new RecordList();
        var response = new AlterPartitionReassignmentsResponse
        {
            AllowReplicationFactorChange = request.AllowReplicationFactorChange,
        };
        foreach (var topic in request.Topics)
        {
            var answer = new AlterPartitionReassignmentsResponse.ReassignableTopicResponse { Name = topic.Name };
            foreach (var partition in topic.Partitions)
            {
                var error = ApiError.None;
                try
                {
                    Reassign(topic.Name, partition, request.AllowReplicationFactorChange, records);
                }
                catch (KafkaException e) when (e.ErrorCode != ErrorCode.PolicyViolation)
                {
                    error = ApiError.From(e);
                }
                answer.Partitions.Add(new AlterPartitionReassignmentsResponse.ReassignablePartitionResponse
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = error.Code,
                    ErrorMessage = error.Text,
                });
            }
            response.Responses.Add(answer);
        }
        return ControllerResult.Of(records.Records, response);
    }

    internal static ListPartitionReassignmentsResponse ListReassignments(MetadataImage image, ListPartitionReassignmentsRequest request)
    {
        var response = new ListPartitionReassignmentsResponse();
        if (request.Topics is null)
        {
            foreach (var topic in image.Topics.ByName.Values.OrderBy(t => t.Name, StringComparer.Ordinal)) Add(topic, null);
        }
        else
        {
            foreach (var asked in request.Topics)
            {
                if (image.Topics.Find(asked.Name) is { } topic) Add(topic, asked.PartitionIndexes);
            }
        }
        return response;

        void Add(TopicImage topic, List<int>? indexes)
        {
            var ongoing = new ListPartitionReassignmentsResponse.OngoingTopicReassignment { Name = topic.Name };
            foreach (var (index, partition) in topic.Partitions)
            {
                if (!partition.IsReassigning || (indexes is not null && !indexes.Contains(index))) continue;
                ongoing.Partitions.Add(new ListPartitionReassignmentsResponse.OngoingPartitionReassignment
                {
                    PartitionIndex = index,
                    Replicas = [.. partition.Replicas],
                    AddingReplicas = [.. partition.AddingReplicas],
                    RemovingReplicas = [.. partition.RemovingReplicas],
                });
            }
            if (ongoing.Partitions.Count > 0) response.Topics.Add(ongoing);
        }
    }

    private void Reassign(
        string topicName, AlterPartitionReassignmentsRequest.ReassignablePartition target, bool allowFactorChange, RecordList records)
    {
        var topic = state.Image.Topics.Find(topicName) ??
            throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"Unable to find a topic named {topicName}.");
        var partition = topic.Partition(target.PartitionIndex) ??
            throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"Unable to find partition {topicName}:{target.PartitionIndex}.");
        if (target.Replicas is { } replicas) StartReassignment(topic, target.PartitionIndex, partition, replicas, allowFactorChange, records);
        else CancelReassignment(topic, target.PartitionIndex, partition, records);
    }

    private void StartReassignment(
        TopicImage topic, int index, PartitionRegistration partition, List<int> target, bool allowFactorChange, RecordList records)
    {
        ValidateManualAssignment(target, null);
        var currentFactor = partition.Replicas.Length - partition.AddingReplicas.Length;
        if (!allowFactorChange && target.Count != currentFactor)
        {
            throw new KafkaException(
                ErrorCode.InvalidReplicationFactor, $"The replication factor is changed from {currentFactor} to {target.Count}");
        }
        // The target comes first, so that its first replica is preferred; those on their way out follow until the end.
        List<int> adding = [.. target.Except(partition.Replicas.Except(partition.AddingReplicas)).Order()];
        List<int> removing = [.. partition.Replicas.Except(target).Order()];
        AddChange(records, Change(
            topic, index, partition, state.IsActive,
            replicas: [.. target, .. removing], removing: removing, adding: adding));
    }

    private void CancelReassignment(TopicImage topic, int index, PartitionRegistration partition, RecordList records)
    {
        if (!partition.IsReassigning) throw new KafkaException(ErrorCode.NoReassignmentInProgress);
        List<int> replicas = [.. partition.Replicas.Except(partition.AddingReplicas)];
        List<int> isr = [.. partition.Isr.Except(partition.AddingReplicas)];
        if (isr.Count == 0)
        {
            if (!state.TopicConfigOf(topic.Name).GetBoolean("unclean.leader.election.enable"))
            {
                throw new KafkaException(
                    ErrorCode.InvalidReplicaAssignment,
                    $"Unable to revert partition assignment for {topic.Name}:{index} because it would require an unclean leader election.");
            }
            isr = [replicas[0]];
        }
        AddChange(records, Change(
            topic, index, partition, state.IsActive, isr: isr, replicas: replicas, removing: [], adding: []));
    }
}
