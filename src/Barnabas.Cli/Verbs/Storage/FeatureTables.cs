using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Protocol.Features;

namespace Barnabas.Cli.Verbs.Storage;

/// <summary>What kafka-storage and kafka-features tell of versions and feature levels.</summary>
internal static class FeatureTables
{
    /// <summary>Prints the feature levels that a release starts a cluster with.</summary>
    public static void PrintVersionMapping(TextWriter output, string? release)
    {
        var version = ParseRelease(release);
        output.WriteLine($"metadata.version={version.Level} ({release ?? version.Name})");
        foreach (var feature in Feature.All)
            output.WriteLine($"{feature.Name}={feature.DefaultLevel(version)}");
    }

    /// <summary>Prints what each <c>feature=level</c> needs.</summary>
    public static void PrintDependencies(TextWriter output, IEnumerable<string> features)
    {
        foreach (var text in features)
        {
            var (name, level) = ParseLevel(text);
            if (name == MetadataVersion.FeatureName)
            {
                if (!MetadataVersion.TryFromLevel(level, out var version))
                    throw new VerbException($"Unknown metadata.version {level}");
                output.WriteLine($"{name}={level} ({version.Name}) has no dependencies.");
                continue;
            }

            if (!Feature.TryGet(name, out var feature))
                throw new VerbException($"Unknown feature: {name}");
            var found = feature.Levels.FirstOrDefault(candidate => candidate.Level == level)
                ?? throw new VerbException($"Feature level {level} is not supported for feature {name}");
            if (found.Needs.Count == 0)
            {
                output.WriteLine($"{name}={level} has no dependencies.");
                continue;
            }

            output.WriteLine($"{name}={level} requires:");
            foreach (var (needed, neededLevel) in found.Needs)
                output.WriteLine(needed == MetadataVersion.FeatureName && MetadataVersion.TryFromLevel(neededLevel, out var version)
                    ? $"    {needed}={neededLevel} ({version.Name})"
                    : $"    {needed}={neededLevel}");
        }
    }

    /// <summary>The metadata version of a release such as <c>4.0</c> or <c>4.0-IV3</c>; the latest for null.</summary>
    /// <exception cref="VerbException">There is no such release.</exception>
    public static MetadataVersion ParseRelease(string? release)
    {
        if (release is null)
            return MetadataVersion.LatestProduction;
        return MetadataVersion.TryParse(release, out var version) ? version : throw new VerbException(
            $"Unknown metadata.version '{release}'. Supported metadata.version are: {string.Join(", ", MetadataVersion.All.Select(known => known.Name))}");
    }

    /// <summary>The parts of <c>feature=level</c>.</summary>
    /// <exception cref="VerbException">It is none.</exception>
    public static (string Name, short Level) ParseLevel(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            throw new VerbException($"Can't parse feature=level string {text}: equals sign not found.");
        var name = text[..equals].Trim();
        var level = text[(equals + 1)..].Trim();
        return short.TryParse(level, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (name, number)
            : throw new VerbException($"Can't parse feature=level string {text}: unable to parse {level} as a short.");
    }
}
