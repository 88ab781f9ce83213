namespace Barnabas.Broker.Sharing;

/// <summary>What a share group's configuration says of its partitions at one moment.</summary>
/// <param name="MaxRecordLocks">share.partition.max.record.locks.</param>
/// <param name="DeliveryCountLimit">share.delivery.count.limit.</param>
/// <param name="LockDurationMs">share.record.lock.duration.ms.</param>
/// <param name="RenewEnabled">share.renew.acknowledge.enable.</param>
internal sealed record SharePartitionSettings(int MaxRecordLocks, int DeliveryCountLimit, int LockDurationMs, bool RenewEnabled)
{
    /// <summary>The delivery count from which on records are delivered in ever smaller portions: one among them may be what makes consumers fail.</summary>
    public int ThrottleFrom => Math.Max(2, (DeliveryCountLimit + 1) / 2);
}
