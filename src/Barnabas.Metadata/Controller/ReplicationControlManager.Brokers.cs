using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>What the coming and going of brokers and directories means for partitions.</summary>
internal sealed partial class ReplicationControlManager
{
    internal ControllerResult<BrokerHeartbeatResponse> Heartbeat(BrokerHeartbeatRequest request)
    {
        cluster.CheckBrokerEpoch(request.BrokerId, request.BrokerEpoch);
        var registrationOffset = state.Image.Cluster.RegistrationOffsets.GetValueOrDefault(request.BrokerId, -1);
        var (current, next) = cluster.Heartbeats.NextState(
            request.BrokerId,
            request.WantFence,
            request.WantShutDown,
            request.CurrentMetadataOffset,
            registrationOffset,
            () => state.Partitions().Any(p => p.Partition.Leader == request.BrokerId));
        var records = new RecordList();
        if (current != next)
        {
            switch (next)
            {
                case BrokerControlState.Fenced:
                case BrokerControlState.ShutdownNow:
                    Fence(request.BrokerId, records);
                    break;
                case BrokerControlState.Unfenced:
                    Unfence(request.BrokerId, records);
                    break;
                case BrokerControlState.ControlledShutdown:
                    EnterControlledShutdown(request.BrokerId, records);
                    break;
            }
        }
        var isFenced = next is BrokerControlState.Fenced or BrokerControlState.ShutdownNow;
        cluster.Heartbeats.Touch(request.BrokerId, isFenced, request.CurrentMetadataOffset);
        if (MetadataRules.DirectoryAssignment(state.MetadataVersion)) TakeDirectoriesOffline(request, records);
        if (MetadataRules.CordonedDirectories(state.MetadataVersion)) CordonDirectories(request, records);
        return ControllerResult.Of(records.Records, new BrokerHeartbeatResponse
        {
            IsCaughtUp = request.CurrentMetadataOffset >= registrationOffset,
            IsFenced = isFenced,
            ShouldShutDown = next == BrokerControlState.ShutdownNow,
        });
    }

    internal ControllerResult<UnregisterBrokerResponse> Unregister(int brokerId)
    {
        var broker = state.Image.Cluster.Broker(brokerId) ??
            throw new KafkaException(ErrorCode.BrokerIdNotRegistered, $"Broker ID {brokerId} is not currently registered");
        var records = new RecordList();
        MovePartitions(records, remove: brokerId, includeElr: true);
        records.Add(new UnregisterBrokerRecord { BrokerId = brokerId, BrokerEpoch = broker.Epoch });
        return ControllerResult.Of(records.Records, new UnregisterBrokerResponse());
    }

    /// <summary>Fences one broker that was not heard of for too long; the others follow in later runs.</summary>
    internal ControllerResult<int?> FenceStaleBroker()
    {
        if (cluster.Heartbeats.FindStaleBroker() is not { } brokerId) return ControllerResult.Of<int?>(null);
        var records = new RecordList();
        Fence(brokerId, records);
        return ControllerResult.Of<int?>(records.Records, brokerId);
    }

    /// <summary>
    /// An earlier incarnation has ended. When it did not stop cleanly, what it had in sync may be lost: it is no
    /// eligible leader any more (KIP-966).
    /// </summary>
    internal void IncarnationEnded(int brokerId, bool isClean, RecordList records)
    {
        if (state.ElrEnabled && !isClean) MovePartitions(records, unclean: brokerId, includeElr: true);
        else MovePartitions(records, remove: brokerId);
    }

    internal ControllerResult<AssignReplicasToDirsResponse> AssignReplicasToDirs(AssignReplicasToDirsRequest request)
    {
        if (!MetadataRules.DirectoryAssignment(state.MetadataVersion))
        {
            throw new KafkaException(ErrorCode.UnsupportedVersion, "Directory assignment is not supported yet.");
        }
        cluster.CheckBrokerEpoch(request.BrokerId, request.BrokerEpoch);
        var response = new AssignReplicasToDirsResponse();
        var records = new RecordList();
        foreach (var directory in request.Directories)
        {
            var directoryAnswer = new AssignReplicasToDirsResponse.DirectoryData { Id = directory.Id };
            foreach (var topicData in directory.Topics)
            {
                var topicAnswer = new AssignReplicasToDirsResponse.TopicData { TopicId = topicData.TopicId };
                var topic = state.Image.Topics.Find(topicData.TopicId);
                foreach (var data in topicData.Partitions)
                {
                    topicAnswer.Partitions.Add(new AssignReplicasToDirsResponse.PartitionData
                    {
                        PartitionIndex = data.PartitionIndex,
                        ErrorCode = Assign(request.BrokerId, directory.Id, topic, data.PartitionIndex, records),
                    });
                }
                directoryAnswer.Topics.Add(topicAnswer);
            }
            response.Directories.Add(directoryAnswer);
        }
        return ControllerResult.Of(records.Records, response);
    }

    private ErrorCode Assign(int brokerId, Uuid directory, TopicImage? topic, int index, RecordList records)
    {
        if (topic is null) return ErrorCode.UnknownTopicId;
        if (topic.Partition(index) is not { } partition) return ErrorCode.UnknownTopicOrPartition;
        if (!partition.Replicas.Contains(brokerId)) return ErrorCode.NotLeaderOrFollower;
        var isOffline = !state.Image.Cluster.Broker(brokerId)!.HasOnlineDirectory(directory);
        AddChange(records, Change(
            topic, index, partition,
            broker => state.IsActive(broker) && !(isOffline && broker == brokerId),
            isr: isOffline ? [.. partition.Isr.Where(id => id != brokerId)] : partition.Isr,
            directories: new Dictionary<int, Uuid> { [brokerId] = directory }));
        return ErrorCode.None;
    }

    private void Fence(int brokerId, RecordList records)
    {
        var broker = state.Image.Cluster.Broker(brokerId)!;
        MovePartitions(records, remove: brokerId);
        records.Add(new BrokerRegistrationChangeRecord { BrokerId = brokerId, BrokerEpoch = broker.Epoch, Fenced = 1 });
    }

    private void Unfence(int brokerId, RecordList records)
    {
        var broker = state.Image.Cluster.Broker(brokerId)!;
        records.Add(new BrokerRegistrationChangeRecord { BrokerId = brokerId, BrokerEpoch = broker.Epoch, Fenced = -1 });
        foreach (var (topic, index, partition) in state.Partitions())
        {
            if (partition.HasLeader) continue;
            // The registration still says fenced until the record above is replayed.
            AddChange(records, Change(topic, index, partition, id => id == brokerId || state.IsActive(id)));
        }
    }

    private void EnterControlledShutdown(int brokerId, RecordList records)
    {
        var broker = state.Image.Cluster.Broker(brokerId)!;
        if (!broker.InControlledShutdown)
        {
            records.Add(
                new BrokerRegistrationChangeRecord { BrokerId = brokerId, BrokerEpoch = broker.Epoch, InControlledShutdown = 1 }, 1);
        }
        MovePartitions(records, remove: brokerId);
    }

    /// <summary>Takes a broker out of the in-sync sets, and leadership from it.</summary>
    private void MovePartitions(RecordList records, int remove = -1, int unclean = -1, bool includeElr = false)
    {
        var brokerId = remove >= 0 ? remove : unclean;
        foreach (var (topic, index, partition) in state.Partitions())
        {
            if (!partition.Isr.Contains(brokerId) && !(includeElr && partition.Elr.Contains(brokerId))) continue;
            AddChange(records, Change(
                topic, index, partition,
                id => id != brokerId && state.IsActive(id),
                isr: [.. partition.Isr.Where(id => id != brokerId)],
                uncleanShutdownReplica: unclean));
        }
    }

    private void TakeDirectoriesOffline(BrokerHeartbeatRequest request, RecordList records)
    {
        var broker = state.Image.Cluster.Broker(request.BrokerId)!;
        var offline = broker.Directories.Intersect(request.OfflineLogDirs).ToHashSet();
        if (offline.Count == 0) return;
        foreach (var (topic, index, partition) in state.Partitions())
        {
            if (!partition.Isr.Contains(broker.Id) || !offline.Contains(partition.Directory(broker.Id))) continue;
            AddChange(records, Change(
                topic, index, partition,
                id => id != broker.Id && state.IsActive(id),
                isr: [.. partition.Isr.Where(id => id != broker.Id)]));
        }
        records.Add(
            new BrokerRegistrationChangeRecord
            {
                BrokerId = broker.Id,
                BrokerEpoch = broker.Epoch,
                LogDirs = [.. broker.Directories.Where(id => !offline.Contains(id))],
            },
            2);
    }

    private void CordonDirectories(BrokerHeartbeatRequest request, RecordList records)
    {
        if (request.CordonedLogDirs is not { } cordoned) return;
        var broker = state.Image.Cluster.Broker(request.BrokerId)!;
        if (broker.CordonedDirectories is { } known && known.ToHashSet().SetEquals(cordoned)) return;
        records.Add(
            new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, CordonedLogDirs = [.. cordoned] }, 3);
    }
}
