using System.Globalization;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol.Features;

namespace Barnabas.Metadata.Formatting;

/// <summary>Which feature levels a directory is formatted with.</summary>
internal static class FeatureLevels
{
    /// <exception cref="FormatterException">A level is unknown, contradicts another, or is not yet stable.</exception>
    internal static (MetadataVersion Version, SortedDictionary<string, short> Levels) Resolve(
        string? release, IReadOnlyList<string> features, bool unstable, bool isDynamicQuorum)
    {
        var given = Parse(features);
        var version = ResolveVersion(release, given, unstable);
        var levels = new SortedDictionary<string, short>(StringComparer.Ordinal);
        foreach (var (name, level) in given)
        {
            if (name != MetadataVersion.FeatureName && !Feature.TryGet(name, out _))
            {
                var known = string.Join(", ", Feature.All.Select(f => f.Name).Order(StringComparer.Ordinal));
                throw new FormatterException($"Unsupported feature: {name}. Supported features are: {known}");
            }
            levels[name] = level;
        }
        levels[MetadataVersion.FeatureName] = version.Level;
        foreach (var feature in Feature.All)
        {
            if (feature.Name == FeatureControlManager.KRaftVersion)
            {
                levels[feature.Name] = KRaftLevel(levels.TryGetValue(feature.Name, out var level) ? level : null, isDynamicQuorum);
            }
            else
            {
                levels.TryAdd(feature.Name, feature.DefaultLevel(version));
            }
        }
        foreach (var (name, level) in levels)
        {
            if (name != MetadataVersion.FeatureName) Check(name, level, levels, unstable);
        }
        return (version, levels);
    }

    private static Dictionary<string, short> Parse(IReadOnlyList<string> features)
    {
        var result = new Dictionary<string, short>(StringComparer.Ordinal);
        foreach (var text in features)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) throw new FormatterException($"Can't parse feature=level string {text}: equals sign not found.");
            var level = text[(equals + 1)..].Trim();
            result[text[..equals].Trim()] = short.TryParse(level, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatterException($"Can't parse feature=level string {text}: unable to parse {level} as a short.");
        }
        return result;
    }

    private static MetadataVersion ResolveVersion(string? release, Dictionary<string, short> given, bool unstable)
    {
        MetadataVersion? version;
        if (given.TryGetValue(MetadataVersion.FeatureName, out var level))
        {
            if (release is not null)
            {
                throw new FormatterException("Use --release-version instead of --feature metadata.version=X to avoid ambiguity.");
            }
            if (!MetadataVersion.TryFromLevel(level, out version))
            {
                throw new FormatterException($"No MetadataVersion with feature level {level}. Valid feature levels are from {MetadataVersion.All[0].Level} to {MetadataVersion.All[^1].Level}.");
            }
        }
        else if (release is not null)
        {
            if (!MetadataVersion.TryParse(release, out version) || (!unstable && !MetadataVersion.LatestProduction.IsAtLeast(version)))
            {
                var known = MetadataVersion.All.Where(v => unstable || MetadataVersion.LatestProduction.IsAtLeast(v)).Select(v => v.Name);
                throw new FormatterException($"Unknown metadata.version '{release}'. Supported metadata.version are: {string.Join(", ", known)}");
            }
        }
        else
        {
            version = unstable ? MetadataVersion.All[^1] : MetadataVersion.LatestProduction;
        }
        if (!unstable && !MetadataVersion.LatestProduction.IsAtLeast(version))
        {
            throw new FormatterException($"metadata.version {version} is not yet stable.");
        }
        return version;
    }

    private static short KRaftLevel(short? given, bool isDynamicQuorum)
    {
        if (given == 0 && isDynamicQuorum)
        {
            throw new FormatterException(
                "Cannot set kraft.version to 0 if controller.quorum.voters is empty and one of the flags --standalone, " +
                "--initial-controllers, or --no-initial-controllers is used. For dynamic controllers support, try removing " +
                "the --feature flag for kraft.version.");
        }
        if (given > 0 && !isDynamicQuorum)
        {
            throw new FormatterException(
                $"Cannot set kraft.version to {given} unless controller.quorum.voters is empty and one of the flags --standalone, " +
                "--initial-controllers, or --no-initial-controllers is used. For dynamic controllers support, try using one of " +
                "--standalone, --initial-controllers, or --no-initial-controllers and removing controller.quorum.voters.");
        }
        return given ?? (isDynamicQuorum ? (short)1 : (short)0);
    }

    private static void Check(string name, short level, SortedDictionary<string, short> levels, bool unstable)
    {
        _ = Feature.TryGet(name, out var feature);
        var found = feature!.Levels.FirstOrDefault(l => l.Level == level);
        if (found is null || (!unstable && level > feature.LatestProduction))
        {
            throw new FormatterException($"No feature:{name} with feature level {level}");
        }
        foreach (var (needed, neededLevel) in found.Needs)
        {
            if (levels.GetValueOrDefault(needed) < neededLevel)
            {
                throw new FormatterException($"{name} could not be set to {level} because it depends on {needed} level {neededLevel}");
            }
        }
    }
}
