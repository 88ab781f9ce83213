using Barnabas.Broker.Replication;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Broker.Coordination;

/// <summary>Opens this broker's replicas for a coordinator.</summary>
/// <param name="replicas">The replicas.</param>
/// <param name="minInSyncReplicas">How many replicas of its topic have to be in sync when it writes; 0 where the leader alone will do, as for groups.</param>
internal sealed class CoordinatorLogs(ReplicaManager replicas, Func<int> minInSyncReplicas) : ICoordinatorLogs
{
    public ICoordinatorPartition Open(TopicPartition topicPartition, Action<long> onHighWatermark) =>
        new CoordinatorPartition(replicas.GetLeader(topicPartition), minInSyncReplicas, onHighWatermark);
}
