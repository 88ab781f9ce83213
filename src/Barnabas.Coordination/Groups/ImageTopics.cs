using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>The topics of one metadata image.</summary>
internal sealed class ImageTopics : IGroupTopics
{
    private readonly MetadataImage _image;

    private ImageTopics(MetadataImage image, long version)
    {
        _image = image;
        Version = version;
    }

    public static ImageTopics Empty { get; } = new(MetadataImage.Empty, -1);

    public long Version { get; }

    public IEnumerable<string> Names => _image.Topics.ByName.Keys;

    /// <summary>The topics of the next image; the version stays where no topic has changed.</summary>
    public ImageTopics Next(MetadataImage image) =>
        new(image, ReferenceEquals(image.Topics, _image.Topics) ? Version : image.Provenance.LastContainedOffset);

    public bool TryGet(string name, out GroupTopic topic) => Answer(_image.Topics.ByName.GetValueOrDefault(name), out topic);

    public bool TryGet(Uuid id, out GroupTopic topic) => Answer(_image.Topics.ById.GetValueOrDefault(id), out topic);

    public string? GroupConfig(string groupId, string key) =>
        _image.Configs.ConfigsOf(new ConfigResource(ConfigResourceType.Group, groupId)).GetValueOrDefault(key);

    private static bool Answer(TopicImage? found, out GroupTopic topic)
    {
        topic = found is null ? default : new GroupTopic(found.Name, found.Id, found.PartitionCount);
        return found is not null;
    }
}
