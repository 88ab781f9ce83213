namespace Barnabas.Protocol.Features;

/// <summary>One level of a feature.</summary>
/// <param name="Level">Its number.</param>
/// <param name="BootstrapVersion">The metadata version with which new clusters get it.</param>
/// <param name="Needs">Levels of other features that it cannot do without.</param>
public sealed record FeatureLevel(short Level, MetadataVersion BootstrapVersion, IReadOnlyList<KeyValuePair<string, short>> Needs);
