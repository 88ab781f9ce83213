using Barnabas.Protocol;

namespace Barnabas.Metadata.Placement;

/// <summary>
/// Spreads partitions over racks and brokers in stripes that begin at a random place. The first replica is always on
/// an available broker; fenced ones are taken last. When every available broker has led a stripe, the order is shuffled
/// so that assignments do not repeat.
/// </summary>
internal sealed class StripedReplicaPlacer(Random random) : IReplicaPlacer
{
    public IReadOnlyList<List<int>> Place(int partitions, int replicationFactor, IEnumerable<UsableBroker> brokers)
    {
        var racks = new RackStripes(random, brokers);
        if (replicationFactor <= 0)
        {
            throw Invalid($"Invalid replication factor {replicationFactor}: the replication factor must be positive.");
        }
        if (racks.AvailableBrokers == 0)
        {
            throw Invalid("All brokers are currently fenced, or have all their log directories cordoned.");
        }
        if (replicationFactor > racks.TotalBrokers)
        {
            throw Invalid(
                $"The target replication factor of {replicationFactor} cannot be reached because only {racks.TotalBrokers} " +
                "broker(s) are registered or some brokers have all their log directories cordoned.");
        }
        var result = new List<List<int>>(partitions);
        for (var i = 0; i < partitions; i++) result.Add(racks.Next(replicationFactor));
        return result;
    }

    private static KafkaException Invalid(string message) => new(ErrorCode.InvalidReplicationFactor, message);
}
