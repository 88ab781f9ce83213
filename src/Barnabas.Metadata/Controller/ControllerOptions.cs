using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Bootstrap;
using Barnabas.Metadata.Image;
using Barnabas.Protocol.Features;

namespace Barnabas.Metadata.Controller;

/// <summary>What a controller is configured with.</summary>
public sealed record ControllerOptions
{
    /// <summary>The id of the cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The node's static configuration.</summary>
    public required BrokerConfig Config { get; init; }

    /// <summary>The records that an empty log starts with.</summary>
    public required BootstrapMetadata Bootstrap { get; init; }

    /// <summary>False when the owner drains the controller's loop itself, as simulations do.</summary>
    public bool OwnThread { get; init; } = true;

    /// <summary>The node id.</summary>
    public int NodeId => Config.NodeId;

    /// <summary>The feature levels that this version supports.</summary>
    public IReadOnlyDictionary<string, FeatureRange> SupportedFeatures => SupportedFeaturesOf(Config.UnstableFeatureVersionsEnable);

    /// <summary>The feature levels that this version supports, as brokers and controllers register them.</summary>
    /// <param name="unstable">Whether levels that are no production levels yet count (unstable.feature.versions.enable).</param>
    public static IReadOnlyDictionary<string, FeatureRange> SupportedFeaturesOf(bool unstable)
    {
        var result = new SortedDictionary<string, FeatureRange>(StringComparer.Ordinal);
        foreach (var feature in Feature.All)
        {
            result[feature.Name] = new FeatureRange(0, unstable ? feature.Levels[^1].Level : feature.LatestProduction);
        }
        var highest = unstable ? MetadataVersion.All[^1] : MetadataVersion.LatestProduction;
        result[MetadataVersion.FeatureName] = new FeatureRange(MetadataRules.Minimum, highest.Level);
        return result;
    }
}
