using Barnabas.Broker.Replication;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Broker.Coordination;

/// <summary>Opens this broker's replicas for the coordinators.</summary>
internal sealed class CoordinatorLogs(ReplicaManager replicas) : ICoordinatorLogs
{
    public ICoordinatorPartition Open(TopicPartition topicPartition, Action<long> onHighWatermark) =>
        new CoordinatorPartition(replicas.GetLeader(topicPartition), onHighWatermark);
}
