namespace Barnabas.Metadata.Placement;

/// <summary>A broker that replicas may be placed on.</summary>
/// <param name="Id">The node id.</param>
/// <param name="Rack">The rack, or null.</param>
/// <param name="Fenced">True when it is not available now.</param>
public sealed record UsableBroker(int Id, string? Rack, bool Fenced);

/// <summary>Chooses brokers for new partitions.</summary>
public interface IReplicaPlacer
{
    /// <summary>Chooses the replicas of each new partition, preferred leader first.</summary>
    /// <exception cref="Protocol.KafkaException">There are not enough brokers (INVALID_REPLICATION_FACTOR).</exception>
    IReadOnlyList<List<int>> Place(int partitions, int replicationFactor, IEnumerable<UsableBroker> brokers);
}
