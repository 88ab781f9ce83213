using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Topics;
using Barnabas.Metadata.Image;

namespace Barnabas.Metadata.Controller;

/// <summary>
/// What the managers decide upon: the image with everything appended so far, committed or not, and a few indexes over
/// it. Changes only by replaying records. Lives on the controller's thread.
/// </summary>
internal sealed class ControllerState(ControllerOptions options)
{
    private ConfigsImage? _configsOfEffective;
    private BrokerConfig _effective = options.Config;

    internal ControllerOptions Options { get; } = options;

    internal MetadataImage Image { get; private set; } = MetadataImage.Empty;

    internal TopicNameCollisions Collisions { get; } = new();

    internal short MetadataVersion => Image.Features.MetadataVersion;

    internal bool ElrEnabled => Image.Features.Level("eligible.leader.replicas.version") > 0;

    /// <summary>The node's configuration with the dynamic values that hold for it.</summary>
    internal BrokerConfig EffectiveConfig
    {
        get
        {
            if (!ReferenceEquals(_configsOfEffective, Image.Configs))
            {
                _configsOfEffective = Image.Configs;
                _effective = Options.Config.WithDynamic(
                    Image.Configs.ConfigsOf(ConfigResource.ForBroker(Options.NodeId)),
                    Image.Configs.ConfigsOf(ConfigResource.DefaultBroker));
            }
            return _effective;
        }
    }

    /// <summary>Takes in records and tells what they changed.</summary>
    internal MetadataDelta Replay(List<(Protocol.IMetadataRecord Record, long Offset)> records, MetadataProvenance provenance)
    {
        var delta = new MetadataDelta(Image);
        foreach (var (record, offset) in records) delta.Replay(record, offset);
        Advance(delta, provenance);
        return delta;
    }

    /// <summary>Replaces everything by a snapshot.</summary>
    internal MetadataDelta Load(IEnumerable<VersionedRecord> records, MetadataProvenance provenance)
    {
        var delta = new MetadataDelta(Image, fromSnapshot: true);
        foreach (var record in records) delta.Replay(record.Record, provenance.LastContainedOffset);
        delta.FinishSnapshot();
        Advance(delta, provenance);
        return delta;
    }

    /// <summary>Takes back what was replayed after an image.</summary>
    internal void Revert(MetadataImage image)
    {
        foreach (var topic in Image.Topics.ById.Values) Collisions.Remove(topic.Name);
        foreach (var topic in image.Topics.ById.Values) Collisions.Add(topic.Name);
        Image = image;
    }

    internal TopicConfig TopicConfigOf(string topic) =>
        TopicConfig.Resolve(EffectiveConfig, Image.Configs.ConfigsOf(ConfigResource.ForTopic(topic)));

    /// <summary>True when the broker may lead and be in sync.</summary>
    internal bool IsActive(int brokerId) =>
        Image.Cluster.Broker(brokerId) is { Fenced: false, InControlledShutdown: false };

    /// <summary>The log directory for a new replica: the broker's only one, or for it to choose.</summary>
    internal Protocol.Uuid DefaultDirectory(int brokerId)
    {
        if (!MetadataRules.DirectoryAssignment(MetadataVersion)) return DirectoryId.Migrating;
        if (Image.Cluster.Broker(brokerId) is not { } broker) return DirectoryId.Unassigned;
        if (broker.Directories.Count == 0) return DirectoryId.Migrating;
        List<Protocol.Uuid> open = [.. broker.Directories.Except(broker.CordonedDirectories ?? [])];
        return open.Count == 1 ? open[0] : DirectoryId.Unassigned;
    }

    /// <summary>All partitions, topic by topic.</summary>
    internal IEnumerable<(TopicImage Topic, int Index, PartitionRegistration Partition)> Partitions()
    {
        foreach (var topic in Image.Topics.ById.Values)
        {
            foreach (var (index, partition) in topic.Partitions) yield return (topic, index, partition);
        }
    }

    private void Advance(MetadataDelta delta, MetadataProvenance provenance)
    {
        Image = delta.Apply(provenance);
        if (delta.Topics is not { } topics) return;
        foreach (var deleted in topics.DeletedTopics.Values) Collisions.Remove(deleted.Name);
        foreach (var created in topics.CreatedTopics.Keys) Collisions.Add(created);
    }
}
