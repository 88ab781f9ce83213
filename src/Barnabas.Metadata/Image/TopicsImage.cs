using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>All topics, by name and by id. Immutable.</summary>
public sealed class TopicsImage
{
    internal TopicsImage(ImmutableDictionary<Uuid, TopicImage> byId, ImmutableDictionary<string, TopicImage> byName)
    {
        ById = byId;
        ByName = byName;
    }

    /// <summary>The image without topics.</summary>
    public static TopicsImage Empty { get; } = new(
        ImmutableDictionary<Uuid, TopicImage>.Empty,
        ImmutableDictionary.Create<string, TopicImage>(StringComparer.Ordinal));

    /// <summary>The topics by id.</summary>
    public ImmutableDictionary<Uuid, TopicImage> ById { get; }

    /// <summary>The topics by name.</summary>
    public ImmutableDictionary<string, TopicImage> ByName { get; }

    /// <summary>The topic of that name, or null.</summary>
    public TopicImage? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The topic of that id, or null.</summary>
    public TopicImage? Find(Uuid id) => ById.GetValueOrDefault(id);

    /// <summary>The partition, or null when topic or partition are unknown.</summary>
    public PartitionRegistration? FindPartition(string topic, int partition) => Find(topic)?.Partition(partition);

    /// <summary>The partition, or null when topic or partition are unknown.</summary>
    public PartitionRegistration? FindPartition(Uuid topicId, int partition) => Find(topicId)?.Partition(partition);

    internal void Write(ImageWriter writer)
    {
        foreach (var topic in ByName.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            writer.Write(new TopicRecord { Name = topic.Name, TopicId = topic.Id });
            foreach (var (index, partition) in topic.Partitions)
            {
                writer.Write(
                    partition.ToRecord(topic.Id, index, writer.MetadataVersion),
                    MetadataRules.PartitionVersion(writer.MetadataVersion));
            }
        }
    }
}
