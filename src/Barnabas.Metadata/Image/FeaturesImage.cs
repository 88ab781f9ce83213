using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>The finalized feature levels of the cluster (KIP-584). Immutable.</summary>
public sealed class FeaturesImage
{
    /// <summary>The name of the feature that orders all metadata record formats.</summary>
    public const string MetadataVersionFeature = "metadata.version";

    /// <summary>The feature whose level the quorum keeps in its control records.</summary>
    public const string KRaftVersionFeature = "kraft.version";

    internal FeaturesImage(short metadataVersion, ImmutableSortedDictionary<string, short> finalized)
    {
        MetadataVersion = metadataVersion;
        Finalized = finalized;
    }

    /// <summary>The image before any feature record: nothing is finalized.</summary>
    public static FeaturesImage Empty { get; } =
        new(0, ImmutableSortedDictionary.Create<string, short>(StringComparer.Ordinal));

    /// <summary>The level of metadata.version, 0 when none was written yet.</summary>
    public short MetadataVersion { get; }

    /// <summary>Whether controllers may register their endpoints (KIP-919).</summary>
    public bool SupportsControllerRegistration => MetadataRules.ControllerRegistration(MetadataVersion);

    /// <summary>Whether the metadata says which log directory holds each replica (KIP-858).</summary>
    public bool SupportsDirectoryAssignment => MetadataRules.DirectoryAssignment(MetadataVersion);

    /// <summary>Whether log directories can be closed to new partitions (KIP-1066).</summary>
    public bool SupportsCordonedDirectories => MetadataRules.CordonedDirectories(MetadataVersion);

    /// <summary>The non-zero levels of all other features, by name.</summary>
    public ImmutableSortedDictionary<string, short> Finalized { get; }

    /// <summary>The level of a feature, metadata.version included; 0 when it is not finalized.</summary>
    public short Level(string feature) =>
        feature == MetadataVersionFeature ? MetadataVersion : Finalized.GetValueOrDefault(feature);

    internal void Write(ImageWriter writer)
    {
        // The metadata version comes first: it says how everything after it is read.
        if (MetadataVersion != 0)
        {
            writer.Write(new FeatureLevelRecord { Name = MetadataVersionFeature, FeatureLevel = MetadataVersion });
        }
        foreach (var (name, level) in Finalized)
        {
            writer.Write(new FeatureLevelRecord { Name = name, FeatureLevel = level });
        }
    }
}

/// <summary>The changes of feature levels between two images.</summary>
public sealed class FeaturesDelta
{
    private readonly FeaturesImage _image;
    private readonly Dictionary<string, short> _changes = new(StringComparer.Ordinal);

    internal FeaturesDelta(FeaturesImage image) => _image = image;

    /// <summary>The new levels by feature name, metadata.version included; 0 means no longer finalized.</summary>
    public IReadOnlyDictionary<string, short> Changes => _changes;

    /// <summary>The new metadata version, or null when it did not change.</summary>
    public short? MetadataVersion =>
        _changes.TryGetValue(FeaturesImage.MetadataVersionFeature, out var level) ? level : null;

    internal void Replay(FeatureLevelRecord record) => _changes[record.Name] = record.FeatureLevel;

    internal void FinishSnapshot()
    {
        foreach (var name in _image.Finalized.Keys) _changes.TryAdd(name, 0);
    }

    internal FeaturesImage Apply()
    {
        var finalized = _image.Finalized.ToBuilder();
        foreach (var (name, level) in _changes)
        {
            if (name == FeaturesImage.MetadataVersionFeature) continue;
            if (level == 0) finalized.Remove(name);
            else finalized[name] = level;
        }
        return new FeaturesImage(MetadataVersion ?? _image.MetadataVersion, finalized.ToImmutable());
    }
}
