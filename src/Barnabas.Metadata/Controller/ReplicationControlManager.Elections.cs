using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Leaders and in-sync replicas.</summary>
internal sealed partial class ReplicationControlManager
{
    internal bool HasImbalancedPartitions => state.Partitions().Any(p => !p.Partition.HasPreferredLeader);

    internal bool HasLeaderlessPartitions => state.Partitions().Any(p => !p.Partition.HasLeader);

    internal ControllerResult<ElectLeadersResponse> ElectLeaders(ElectLeadersRequest request)
    {
        if (request.ElectionType is not (0 or 1))
        {
            throw new KafkaException(ErrorCode.InvalidRequest, $"Unknown election type {request.ElectionType}");
        }
        var election = request.ElectionType == 0 ? Election.Preferred : Election.Unclean;
        var records = new RecordList();
        var response = new ElectLeadersResponse();
        if (request.TopicPartitions is null)
        {
            foreach (var topic in state.Image.Topics.ByName.Values)
            {
                // Of all partitions, those that have the leader they should are not told of.
                Add(topic.Name, topic.Partitions.Select(p => p.Key), skipNotNeeded: true);
            }
        }
        else
        {
            foreach (var topic in request.TopicPartitions) Add(topic.Topic, topic.Partitions, skipNotNeeded: false);
        }
        return ControllerResult.Of(records.Records, response);

        void Add(string topic, IEnumerable<int> partitions, bool skipNotNeeded)
        {
            var result = new ElectLeadersResponse.ReplicaElectionResult { Topic = topic };
            foreach (var partition in partitions)
            {
                var error = ElectLeader(topic, partition, election, records);
                if (skipNotNeeded && error.Code == ErrorCode.ElectionNotNeeded) continue;
                result.PartitionResult.Add(new ElectLeadersResponse.PartitionResult
                {
                    PartitionId = partition,
                    ErrorCode = error.Code,
                    ErrorMessage = error.Text,
                });
            }
            response.ReplicaElectionResults.Add(result);
        }
    }

    internal ControllerResult<AlterPartitionResponse> AlterPartition(AlterPartitionRequest request, short apiVersion)
    {
        cluster.CheckBrokerEpoch(request.BrokerId, request.BrokerEpoch);
        var response = new AlterPartitionResponse();
        var records = new RecordList();
        foreach (var topicData in request.Topics)
        {
            var answer = new AlterPartitionResponse.TopicData { TopicId = topicData.TopicId };
            response.Topics.Add(answer);
            var topic = state.Image.Topics.Find(topicData.TopicId);
            foreach (var data in topicData.Partitions)
            {
                var newIsr = apiVersion < 3
                    ? data.NewIsr.ConvertAll(id => new AlterPartitionRequest.BrokerState { BrokerId = id, BrokerEpoch = -1 })
                    : data.NewIsrWithEpochs;
                answer.Partitions.Add(AlterPartition(request.BrokerId, topic, data, newIsr, records));
            }
        }
        return ControllerResult.Of(records.Records, response);
    }

    internal ControllerResult<bool> BalanceLeaders()
    {
        var records = new RecordList();
        foreach (var (topic, index, partition) in state.Partitions())
        {
            if (records.Count >= MaxElectionsPerRun) break;
            if (!partition.HasPreferredLeader) AddChange(records, Change(topic, index, partition, state.IsActive, Election.Preferred));
        }
        return ControllerResult.Of(records.Records, records.Count >= MaxElectionsPerRun);
    }

    internal ControllerResult<bool> ElectUncleanLeaders()
    {
        var records = new RecordList();
        foreach (var (topic, index, partition) in state.Partitions())
        {
            if (records.Count >= MaxElectionsPerRun) break;
            if (!partition.HasLeader && state.TopicConfigOf(topic.Name).GetBoolean("unclean.leader.election.enable"))
            {
                AddChange(records, Change(topic, index, partition, state.IsActive, Election.Unclean));
            }
        }
        return ControllerResult.Of(records.Records, records.Count >= MaxElectionsPerRun);
    }

    private ApiError ElectLeader(string topicName, int index, Election election, RecordList records)
    {
        if (state.Image.Topics.Find(topicName) is not { } topic)
        {
            return new ApiError(ErrorCode.UnknownTopicOrPartition, $"No such topic as {topicName}");
        }
        if (topic.Partition(index) is not { } partition)
        {
            return new ApiError(ErrorCode.UnknownTopicOrPartition, $"No such partition as {topicName}-{index}");
        }
        if (election == Election.Preferred ? partition.HasPreferredLeader : partition.HasLeader)
        {
            return new ApiError(ErrorCode.ElectionNotNeeded);
        }
        if (Change(topic, index, partition, state.IsActive, election).Build() is not { } record)
        {
            return new ApiError(election == Election.Preferred
                ? ErrorCode.PreferredLeaderNotAvailable
                : ErrorCode.EligibleLeadersNotAvailable);
        }
        records.Add(record, MetadataRules.PartitionVersion(state.MetadataVersion));
        return ApiError.None;
    }

    private AlterPartitionResponse.PartitionData AlterPartition(
        int brokerId,
        TopicImage? topic,
        AlterPartitionRequest.PartitionData data,
        List<AlterPartitionRequest.BrokerState> newIsr,
        RecordList records)
    {
        var answer = new AlterPartitionResponse.PartitionData { PartitionIndex = data.PartitionIndex };
        if (topic is null)
        {
            answer.ErrorCode = ErrorCode.UnknownTopicId;
            return answer;
        }
        var partition = topic.Partition(data.PartitionIndex);
        answer.ErrorCode = CheckAlterPartition(brokerId, partition, data, newIsr);
        if (answer.ErrorCode != ErrorCode.None) return answer;

        var change = Change(
            topic, data.PartitionIndex, partition!, state.IsActive,
            isr: newIsr.ConvertAll(b => b.BrokerId), recovery: (LeaderRecoveryState)data.LeaderRecoveryState).Build();
        if (change is not null)
        {
            records.Add(change, MetadataRules.PartitionVersion(state.MetadataVersion));
            partition = partition!.Merge(change);
            if (change.Leader != PartitionRegistration.NoLeaderChange && change.Leader != brokerId)
            {
                // The change completed a reassignment that takes the leader away: it must fetch new metadata.
                answer.ErrorCode = ErrorCode.NewLeaderElected;
                return answer;
            }
        }
        answer.LeaderId = partition!.Leader;
        answer.LeaderEpoch = partition.LeaderEpoch;
        answer.Isr = [.. partition.Isr];
        answer.LeaderRecoveryState = (sbyte)partition.LeaderRecoveryState;
        answer.PartitionEpoch = partition.PartitionEpoch;
        return answer;
    }

    private ErrorCode CheckAlterPartition(
        int brokerId,
        PartitionRegistration? partition,
        AlterPartitionRequest.PartitionData data,
        List<AlterPartitionRequest.BrokerState> newIsr)
    {
        if (partition is null) return ErrorCode.UnknownTopicOrPartition;
        // A higher epoch than ours was given out by another controller.
        if (data.LeaderEpoch > partition.LeaderEpoch || data.PartitionEpoch > partition.PartitionEpoch) return ErrorCode.NotController;
        if (data.LeaderEpoch < partition.LeaderEpoch) return ErrorCode.FencedLeaderEpoch;
        if (brokerId != partition.Leader) return ErrorCode.InvalidRequest;
        if (data.PartitionEpoch < partition.PartitionEpoch) return ErrorCode.InvalidUpdateVersion;
        var ids = newIsr.ConvertAll(b => b.BrokerId);
        if (ids.Count == 0 || ids.Distinct().Count() != ids.Count || ids.Exists(id => !partition.Replicas.Contains(id))) return ErrorCode.InvalidRequest;
        if (!ids.Contains(partition.Leader)) return ErrorCode.InvalidRequest;
        if (data.LeaderRecoveryState is not (0 or 1)) return ErrorCode.InvalidRequest;
        var recovery = (LeaderRecoveryState)data.LeaderRecoveryState;
        if (recovery == LeaderRecoveryState.Recovering && ids.Count > 1) return ErrorCode.InvalidRequest;
        if (recovery == LeaderRecoveryState.Recovering && partition.LeaderRecoveryState == LeaderRecoveryState.Recovered)
        {
            return ErrorCode.InvalidRequest;
        }
        foreach (var replica in newIsr)
        {
            var broker = state.Image.Cluster.Broker(replica.BrokerId);
            if (broker is null || broker.Fenced || broker.InControlledShutdown) return ErrorCode.IneligibleReplica;
            if (replica.BrokerEpoch != -1 && replica.BrokerEpoch != broker.Epoch) return ErrorCode.IneligibleReplica;
        }
        return ErrorCode.None;
    }
}
