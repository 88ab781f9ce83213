using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>
/// The whole state of the cluster as of one offset of the metadata log. Immutable: a reader takes the current image
/// once and sees one consistent state for as long as it holds it.
/// </summary>
public sealed class MetadataImage
{
    /// <summary>The image before the first record.</summary>
    public static MetadataImage Empty { get; } = new();

    /// <summary>Up to where the log was read.</summary>
    public MetadataProvenance Provenance { get; init; } = MetadataProvenance.Empty;

    /// <summary>The finalized features.</summary>
    public FeaturesImage Features { get; init; } = FeaturesImage.Empty;

    /// <summary>Brokers and controllers.</summary>
    public ClusterImage Cluster { get; init; } = ClusterImage.Empty;

    /// <summary>Topics and partitions.</summary>
    public TopicsImage Topics { get; init; } = TopicsImage.Empty;

    /// <summary>Dynamic configuration.</summary>
    public ConfigsImage Configs { get; init; } = ConfigsImage.Empty;

    /// <summary>Client quotas.</summary>
    public ClientQuotasImage ClientQuotas { get; init; } = ClientQuotasImage.Empty;

    /// <summary>The first producer id that no broker was given yet; -1 when none was ever given.</summary>
    public long NextProducerId { get; init; } = -1;

    /// <summary>The broker that the last block of producer ids was given to, and its epoch.</summary>
    internal (int BrokerId, long BrokerEpoch) LastProducerIdBlockOwner { get; init; } = (-1, -1);

    /// <summary>Access control entries.</summary>
    public AclsImage Acls { get; init; } = AclsImage.Empty;

    /// <summary>SCRAM credentials.</summary>
    public ScramImage Scram { get; init; } = ScramImage.Empty;

    /// <summary>Delegation tokens.</summary>
    public DelegationTokensImage DelegationTokens { get; init; } = DelegationTokensImage.Empty;

    /// <summary>The state of a past ZooKeeper migration, 0 when there was none; kept so that snapshots lose nothing.</summary>
    internal sbyte ZkMigrationState { get; init; }

    /// <summary>True for an image that no record went into.</summary>
    public bool IsEmpty => Provenance.LastContainedOffset < 0;

    /// <summary>The records that rebuild this image, in the order and versions of its metadata.version.</summary>
    public IReadOnlyList<VersionedRecord> ToRecords()
    {
        var writer = new ImageWriter(Features.MetadataVersion);
        Features.Write(writer);
        Cluster.Write(writer);
        Topics.Write(writer);
        Configs.Write(writer);
        ClientQuotas.Write(writer);
        if (NextProducerId >= 0)
        {
            writer.Write(new ProducerIdsRecord
            {
                BrokerId = LastProducerIdBlockOwner.BrokerId,
                BrokerEpoch = LastProducerIdBlockOwner.BrokerEpoch,
                NextProducerId = NextProducerId,
            });
        }
        Acls.Write(writer);
        Scram.Write(writer);
        DelegationTokens.Write(writer);
        if (ZkMigrationState != 0) writer.Write(new ZkMigrationStateRecord { ZkMigrationState = ZkMigrationState });
        return writer.Records;
    }
}
