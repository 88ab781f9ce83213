using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Broker.Cache;

/// <summary>What clients are told of a partition's leader and of replicas that are not there.</summary>
/// <param name="Error">NONE, LEADER_NOT_AVAILABLE or LISTENER_NOT_FOUND.</param>
/// <param name="LeaderId">The leader, or -1.</param>
/// <param name="OfflineReplicas">Replicas on fenced brokers, without the listener, or in a failed directory.</param>
internal readonly record struct PartitionState(ErrorCode Error, int LeaderId, List<int> OfflineReplicas);

/// <summary>Derives <see cref="PartitionState"/> from an image.</summary>
internal static class PartitionStates
{
    public static PartitionState Of(MetadataImage image, PartitionRegistration partition, string listenerName)
    {
        List<int> offline = [];
        for (var i = 0; i < partition.Replicas.Length; i++)
        {
            if (!IsOnline(image, partition.Replicas[i], partition.Directories[i], listenerName))
                offline.Add(partition.Replicas[i]);
        }
        if (partition.HasLeader && BrokerEndpoints.Find(image, partition.Leader, listenerName) is not null)
            return new PartitionState(ErrorCode.None, partition.Leader, offline);
        var error = partition.HasLeader && image.Cluster.AliveBroker(partition.Leader) is not null ? ErrorCode.ListenerNotFound : ErrorCode.LeaderNotAvailable;
        return new PartitionState(error, PartitionRegistration.NoLeader, offline);
    }

    private static bool IsOnline(MetadataImage image, int brokerId, Uuid directory, string listenerName) =>
        BrokerEndpoints.Find(image, brokerId, listenerName) is { } found && directory != DirectoryId.Lost && found.Broker.HasOnlineDirectory(directory);
}
