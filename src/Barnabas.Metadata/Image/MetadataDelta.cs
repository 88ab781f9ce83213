using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>
/// What a run of metadata records changes about an image. Not thread-safe while records are replayed; read-only for
/// publishers afterwards.
/// </summary>
public sealed class MetadataDelta
{
    private ClientQuotasImage _clientQuotas;
    private AclsImage _acls;
    private ScramImage _scram;
    private DelegationTokensImage _delegationTokens;
    private long _nextProducerId;
    private (int BrokerId, long BrokerEpoch) _producerIdBlockOwner;
    private sbyte _zkMigrationState;

    /// <summary>Starts an empty delta.</summary>
    /// <param name="image">The image that it changes.</param>
    /// <param name="fromSnapshot">True when the records are a snapshot's: they say everything there is.</param>
    public MetadataDelta(MetadataImage image, bool fromSnapshot = false)
    {
        Image = image;
        // What is kept whole starts over with a snapshot; the rest is compared in FinishSnapshot.
        if (fromSnapshot) image = MetadataImage.Empty;
        _clientQuotas = image.ClientQuotas;
        _acls = image.Acls;
        _scram = image.Scram;
        _delegationTokens = image.DelegationTokens;
        _nextProducerId = image.NextProducerId;
        _producerIdBlockOwner = image.LastProducerIdBlockOwner;
        _zkMigrationState = image.ZkMigrationState;
    }

    /// <summary>The image before the changes.</summary>
    public MetadataImage Image { get; }

    /// <summary>Changed features, or null.</summary>
    public FeaturesDelta? Features { get; private set; }

    /// <summary>Changed nodes, or null.</summary>
    public ClusterDelta? Cluster { get; private set; }

    /// <summary>Changed topics, or null.</summary>
    public TopicsDelta? Topics { get; private set; }

    /// <summary>Changed configuration, or null.</summary>
    public ConfigsDelta? Configs { get; private set; }

    /// <summary>True when a client quota changed.</summary>
    public bool ClientQuotasChanged => !ReferenceEquals(_clientQuotas, Image.ClientQuotas);

    /// <summary>True when an access control entry changed.</summary>
    public bool AclsChanged => !ReferenceEquals(_acls, Image.Acls);

    /// <summary>True when a SCRAM credential changed.</summary>
    public bool ScramChanged => !ReferenceEquals(_scram, Image.Scram);

    /// <summary>Takes in one record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Its offset in the log; for records of a snapshot the last offset that the snapshot contains.</param>
    /// <exception cref="InvalidDataException">The record contradicts the state, or is of a kind this version does not know.</exception>
    public void Replay(IMetadataRecord record, long offset)
    {
        switch (record)
        {
            case RegisterBrokerRecord r: (Cluster ??= new(Image.Cluster)).Replay(r, offset); break;
            case UnregisterBrokerRecord r: (Cluster ??= new(Image.Cluster)).Replay(r); break;
            case FenceBrokerRecord r: (Cluster ??= new(Image.Cluster)).Replay(r); break;
            case UnfenceBrokerRecord r: (Cluster ??= new(Image.Cluster)).Replay(r); break;
            case BrokerRegistrationChangeRecord r: (Cluster ??= new(Image.Cluster)).Replay(r); break;
            case RegisterControllerRecord r: (Cluster ??= new(Image.Cluster)).Replay(r); break;
            case TopicRecord r: (Topics ??= new(Image.Topics)).Replay(r); break;
            case PartitionRecord r: (Topics ??= new(Image.Topics)).Replay(r); break;
            case PartitionChangeRecord r: (Topics ??= new(Image.Topics)).Replay(r); break;
            case ClearElrRecord r: (Topics ??= new(Image.Topics)).Replay(r); break;
            case RemoveTopicRecord r:
                var name = (Topics ??= new(Image.Topics)).Replay(r);
                (Configs ??= new(Image.Configs)).RemoveTopic(name);
                break;
            case ConfigRecord r: (Configs ??= new(Image.Configs)).Replay(r); break;
            case FeatureLevelRecord r: (Features ??= new(Image.Features)).Replay(r); break;
            case ClientQuotaRecord r: _clientQuotas = _clientQuotas.Replay(r); break;
            case ProducerIdsRecord r:
                _nextProducerId = r.NextProducerId;
                _producerIdBlockOwner = (r.BrokerId, r.BrokerEpoch);
                break;
            case AccessControlEntryRecord r: _acls = _acls.Replay(r); break;
            case RemoveAccessControlEntryRecord r: _acls = _acls.Replay(r); break;
            case UserScramCredentialRecord r: _scram = _scram.Replay(r); break;
            case RemoveUserScramCredentialRecord r: _scram = _scram.Replay(r); break;
            case DelegationTokenRecord r: _delegationTokens = _delegationTokens.Replay(r); break;
            case RemoveDelegationTokenRecord r: _delegationTokens = _delegationTokens.Replay(r); break;
            case ZkMigrationStateRecord r: _zkMigrationState = r.ZkMigrationState; break;
            case NoOpRecord: break;
            default:
                throw new InvalidDataException(
                    $"Unknown metadata record type {record.RecordType} at offset {offset}: this version cannot read it.");
        }
    }

    /// <summary>After all records of a snapshot: whatever the snapshot did not mention is gone.</summary>
    public void FinishSnapshot()
    {
        if (!Image.Features.Finalized.IsEmpty) (Features ??= new(Image.Features)).FinishSnapshot();
        if (!Image.Cluster.Brokers.IsEmpty || !Image.Cluster.Controllers.IsEmpty) (Cluster ??= new(Image.Cluster)).FinishSnapshot();
        if (!Image.Topics.ById.IsEmpty) (Topics ??= new(Image.Topics)).FinishSnapshot();
        if (!Image.Configs.Resources.IsEmpty) (Configs ??= new(Image.Configs)).FinishSnapshot();
    }

    /// <summary>The image after the changes.</summary>
    public MetadataImage Apply(MetadataProvenance provenance) => new()
    {
        Provenance = provenance,
        Features = Features?.Apply() ?? Image.Features,
        Cluster = Cluster?.Apply() ?? Image.Cluster,
        Topics = Topics?.Apply() ?? Image.Topics,
        Configs = Configs?.Apply() ?? Image.Configs,
        ClientQuotas = _clientQuotas,
        NextProducerId = _nextProducerId,
        LastProducerIdBlockOwner = _producerIdBlockOwner,
        Acls = _acls,
        Scram = _scram,
        DelegationTokens = _delegationTokens,
        ZkMigrationState = _zkMigrationState,
    };
}
