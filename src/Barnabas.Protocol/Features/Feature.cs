using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Protocol.Features;

/// <summary>A feature of the cluster with levels (KIP-584), besides metadata.version.</summary>
public sealed partial class Feature
{
    private Feature(string name, short latestProduction, IReadOnlyList<FeatureLevel> levels)
    {
        Name = name;
        LatestProduction = latestProduction;
        Levels = levels;
    }

    /// <summary>The name in FeatureLevelRecords.</summary>
    public string Name { get; }

    /// <summary>The highest level that a production cluster may use.</summary>
    public short LatestProduction { get; }

    /// <summary>All levels, from 0.</summary>
    public IReadOnlyList<FeatureLevel> Levels { get; }

    /// <summary>The feature of the name, when there is one.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Feature? feature)
    {
        feature = All.FirstOrDefault(candidate => candidate.Name == name);
        return feature is not null;
    }

    /// <summary>The level that a cluster formatted with the metadata version starts with.</summary>
    public short DefaultLevel(MetadataVersion version)
    {
        short level = 0;
        foreach (var candidate in Levels)
        {
            if (candidate.Level <= LatestProduction && version.IsAtLeast(candidate.BootstrapVersion))
                level = candidate.Level;
        }
        return level;
    }
}
