using Barnabas.Protocol;

namespace Barnabas.Broker.Requests;

/// <summary>
/// The request versions that Apache Kafka 4 dropped (KIP-896). They are served, for clients that send them without asking,
/// but not advertised: whoever asks gets Kafka's ranges.
/// </summary>
internal static class DroppedVersions
{
    /// <summary>The lowest version of an API that Apache Kafka 4 has left.</summary>
    public static short LowestLeft(ApiKey key) => key switch
    {
        ApiKey.Fetch => 4,
        ApiKey.OffsetCommit or ApiKey.CreateTopics or ApiKey.OffsetForLeaderEpoch => 2,
        ApiKey.ListOffsets or ApiKey.OffsetFetch or ApiKey.DeleteTopics or ApiKey.WriteTxnMarkers or ApiKey.DescribeAcls or ApiKey.CreateAcls
            or ApiKey.DeleteAcls or ApiKey.DescribeConfigs or ApiKey.AlterReplicaLogDirs or ApiKey.DescribeLogDirs or ApiKey.CreateDelegationToken
            or ApiKey.RenewDelegationToken or ApiKey.ExpireDelegationToken or ApiKey.DescribeDelegationToken => 1,
        _ => 0,
    };
}
