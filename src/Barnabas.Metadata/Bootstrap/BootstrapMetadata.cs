using Barnabas.Metadata.Image;
using Barnabas.Protocol.Features;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;
using Barnabas.Storage;
using OffsetAndEpoch = Barnabas.Raft.OffsetAndEpoch;

namespace Barnabas.Metadata.Bootstrap;

/// <summary>The records that an empty metadata log starts with: feature levels, and credentials given at formatting. Immutable.</summary>
public sealed class BootstrapMetadata
{
    /// <summary>The name of the file in the metadata log directory.</summary>
    public const string FileName = "bootstrap.checkpoint";

    private BootstrapMetadata(IReadOnlyList<VersionedRecord> records, short metadataVersion, string source)
    {
        Records = records;
        MetadataVersion = metadataVersion;
        Source = source;
    }

    /// <summary>The records.</summary>
    public IReadOnlyList<VersionedRecord> Records { get; }

    /// <summary>The level of metadata.version.</summary>
    public short MetadataVersion { get; }

    /// <summary>Where the records came from, for people.</summary>
    public string Source { get; }

    /// <summary>Takes records that name a metadata.version.</summary>
    /// <exception cref="InvalidDataException">They do not, or name one that is too old.</exception>
    public static BootstrapMetadata FromRecords(IReadOnlyList<VersionedRecord> records, string source)
    {
        short level = 0;
        foreach (var record in records)
        {
            if (record.Record is FeatureLevelRecord { Name: FeaturesImage.MetadataVersionFeature } feature) level = feature.FeatureLevel;
        }
        if (level == 0) throw new InvalidDataException("No FeatureLevelRecord for metadata.version was found in the bootstrap metadata from " + source);
        if (level < MetadataRules.Minimum)
        {
            throw new InvalidDataException(
                $"Bootstrap metadata.version level {level} is too old: at least {MetadataRules.Minimum} (3.3-IV3) is required.");
        }
        return new BootstrapMetadata(records, level, source);
    }

    /// <summary>The feature levels that a new cluster of a metadata.version gets.</summary>
    /// <param name="version">The metadata.version.</param>
    /// <param name="levels">The level of each other feature; levels of 0 and kraft.version are not written.</param>
    /// <param name="source">Where they came from.</param>
    public static BootstrapMetadata FromVersions(MetadataVersion version, IReadOnlyDictionary<string, short> levels, string source)
    {
        List<VersionedRecord> records =
            [new(new FeatureLevelRecord { Name = FeaturesImage.MetadataVersionFeature, FeatureLevel = version.Level }, 0)];
        foreach (var (name, level) in levels.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            if (name is FeaturesImage.MetadataVersionFeature or "kraft.version" || level == 0) continue;
            records.Add(new VersionedRecord(new FeatureLevelRecord { Name = name, FeatureLevel = level }, 0));
        }
        return new BootstrapMetadata(records, version.Level, source);
    }

    /// <summary>The feature levels of a new cluster where nobody chose any.</summary>
    public static BootstrapMetadata Default(MetadataVersion version) =>
        FromVersions(version, Feature.All.ToDictionary(f => f.Name, f => f.DefaultLevel(version)), "the default bootstrap");

    /// <summary>Reads <c>bootstrap.checkpoint</c>; without the file a new cluster gets the defaults.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static BootstrapMetadata Read(IDisk disk, string metadataLogDir)
    {
        var path = Path.Combine(metadataLogDir, FileName);
        if (!disk.FileExists(path)) return Default(Protocol.Features.MetadataVersion.LatestProduction);
        var snapshot = SnapshotReader.Read(disk, path, OffsetAndEpoch.Bootstrap);
        return FromRecords([.. snapshot.Records.Select(MetadataRecordSerde.Deserialize)], "the binary bootstrap metadata file: " + path);
    }

    /// <summary>Writes <c>bootstrap.checkpoint</c>.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Write(IDisk disk, string metadataLogDir, TimeProvider time)
    {
        using var writer = new SnapshotWriter(
            disk, Path.Combine(metadataLogDir, FileName), OffsetAndEpoch.Bootstrap, 0, 0, VoterSet.Empty, time);
        foreach (var record in Records) writer.Append(MetadataRecordSerde.Serialize(record));
        writer.Freeze();
    }

    /// <summary>The level of a feature, 0 when no record names it.</summary>
    public short FeatureLevel(string name)
    {
        short level = 0;
        foreach (var record in Records)
        {
            if (record.Record is FeatureLevelRecord feature && feature.Name == name) level = feature.FeatureLevel;
        }
        return level;
    }
}
