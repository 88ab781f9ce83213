using Barnabas.Broker.Cache;

namespace Barnabas.Broker.Coordination;

/// <summary>
/// The group protocols besides the classic one that this broker serves now: those that its configuration names and the
/// cluster's finalized features allow. A protocol that is not served answers UNSUPPORTED_VERSION. Thread-safe.
/// </summary>
/// <param name="metadata">Where the finalized features are.</param>
/// <param name="configured">group.coordinator.rebalance.protocols.</param>
internal sealed class GroupProtocols(MetadataCache metadata, IReadOnlyList<string> configured)
{
    private const string GroupVersionFeature = "group.version";
    private const string ShareVersionFeature = "share.version";
    private const string StreamsVersionFeature = "streams.version";

    /// <summary>KIP-848 groups.</summary>
    public bool ServesConsumerGroups =>
        configured.Contains("consumer", StringComparer.OrdinalIgnoreCase) && metadata.Image.Features.Level(GroupVersionFeature) >= 1;

    /// <summary>Streams groups (KIP-1071).</summary>
    public bool ServesStreamsGroups =>
        configured.Contains("streams", StringComparer.OrdinalIgnoreCase) && metadata.Image.Features.Level(StreamsVersionFeature) >= 1;

    /// <summary>Share groups (KIP-932), which only the feature rules: the configuration need not name them, as in Kafka.</summary>
    public bool ServesShareGroups => metadata.Image.Features.Level(ShareVersionFeature) >= 1;
}
