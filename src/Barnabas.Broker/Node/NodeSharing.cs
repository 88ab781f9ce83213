using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Sharing;
using Barnabas.Broker.Topics;
using Barnabas.Configuration.Brokers;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>What a node needs for share groups: the share coordinator, the share partitions it leads, and what the group coordinator asks of both.</summary>
internal sealed class NodeSharing : IDisposable
{
    public NodeSharing(
        BrokerConfig config, ReplicaManager replicas, MetadataCache metadata, DynamicBrokerConfig dynamicConfig, AutoTopicCreation topics, TimeProvider time, Random random, ILoggerFactory loggers)
    {
        Coordinator = new ShareCoordinatorService(
            ShareCoordination.Config(config), ShareCoordination.RuntimeOptions(config), new CoordinatorLogs(replicas, static () => 0), ShareCoordination.Pruner(replicas), time,
            random, TaskScheduler.Default, loggers.CreateLogger("Barnabas.ShareCoordinator"));
        Coordination = new ShareCoordination(Coordinator, config.NodeId);
        IShareGroupState state = config.GetString("group.share.persister.class.name") is "" or NoShareGroupState.ClassName
            ? new NoShareGroupState()
            : new LocalShareGroupState(Coordinator, metadata, topics, time);
        Partitions = new SharePartitionManager(
            replicas, metadata, state, new ShareGroupSettings(metadata, dynamicConfig), new ShareSessionCache(config.GetInt("group.share.max.share.sessions")), time,
            loggers.CreateLogger("Barnabas.Sharing"));
        GroupServices = new ShareGroupServices(state, topicPartition =>
        {
            var error = replicas.FindLeader(topicPartition.Topic, topicPartition.Partition, -1, out var partition);
            return error == ErrorCode.None ? (ErrorCode.None, partition!.Log.HighWatermark) : (error, -1);
        });
    }

    public ShareCoordinatorService Coordinator { get; }

    public ShareCoordination Coordination { get; }

    public SharePartitionManager Partitions { get; }

    public ShareGroupServices GroupServices { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Partitions.Dispose();
        Coordinator.Dispose();
    }
}
