using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Cli.Verbs.Storage;
using Barnabas.Client.Admin;
using Barnabas.Protocol.Features;

namespace Barnabas.Cli.Verbs.Features;

/// <summary>Which way a sub-command of kafka-features changes levels.</summary>
internal enum FeatureChangeKind
{
    Upgrade,
    Downgrade,
    Disable,
}

/// <summary>A sub-command of kafka-features that changes levels.</summary>
internal sealed class FeatureChange
{
    private readonly FeatureChangeKind _kind;
    private readonly Argument? _metadata;
    private readonly Argument? _release;
    private readonly Argument? _unsafe;
    private readonly Argument _feature;
    private readonly Argument _dryRun;

    public FeatureChange(ArgumentParser parser, FeatureChangeKind kind)
    {
        _kind = kind;
        Command = parser.Command(Verb, kind switch
        {
            FeatureChangeKind.Upgrade => "Upgrade one or more feature flags.",
            FeatureChangeKind.Downgrade => "Downgrade one or more feature flags.",
            _ => "Disable one or more feature flags. This is the same as downgrading the version to zero.",
        });
        if (kind != FeatureChangeKind.Disable)
        {
            _metadata = Command.Value("--metadata", "DEPRECATED -- The level of the metadata, such as 3.3-IV3.");
            _release = Command.Value("--release-version", "The release version to update all features to.");
        }

        _feature = Command.Repeated("--feature", kind == FeatureChangeKind.Disable ? "A feature flag to disable." : "A feature and its new level, as feature=level.");
        if (kind != FeatureChangeKind.Upgrade)
            _unsafe = Command.Flag("--unsafe", "Do it even if it may irreversibly destroy metadata.");
        _dryRun = Command.Flag("--dry-run", "Validate the change, but do not perform it.");
    }

    public ArgumentParser Command { get; }

    private string Verb => _kind switch { FeatureChangeKind.Upgrade => "upgrade", FeatureChangeKind.Downgrade => "downgrade", _ => "disable" };

    /// <summary>The changes that are asked for.</summary>
    /// <exception cref="VerbException">There are none, or they contradict each other.</exception>
    public SortedDictionary<string, FeatureUpdate> Read(VerbContext context, ArgumentSet call)
    {
        var updates = new SortedDictionary<string, FeatureUpdate>(StringComparer.Ordinal);
        var type = _kind == FeatureChangeKind.Upgrade ? FeatureUpgradeType.Upgrade
            : call.Has(_unsafe!) ? FeatureUpgradeType.UnsafeDowngrade : FeatureUpgradeType.SafeDowngrade;
        var features = call.ValuesOf(_feature);
        if (_release is not null && call.ValueOf(_release) is { } release)
        {
            if (features.Count > 0 || call.Has(_metadata!))
                throw new VerbException("Can not specify `release-version` with other feature flags.");
            var version = FeatureTables.ParseRelease(release);
            foreach (var feature in Feature.All)
                updates[feature.Name] = new FeatureUpdate(feature.DefaultLevel(version), type);
            updates[MetadataVersion.FeatureName] = new FeatureUpdate(version.Level, type);
            return updates;
        }

        if (_metadata is not null && call.ValueOf(_metadata) is { } metadata)
        {
            context.Out.WriteLine(" `metadata` flag is deprecated and may be removed in a future release.");
            updates[MetadataVersion.FeatureName] = new FeatureUpdate(FeatureTables.ParseRelease(metadata).Level, type);
        }

        foreach (var text in features)
        {
            var (name, level) = _kind == FeatureChangeKind.Disable ? (text, (short)0) : FeatureTables.ParseLevel(text);
            if (!updates.TryAdd(name, new FeatureUpdate(level, type)))
                throw new VerbException($"Feature {name} was specified more than once.");
        }

        return updates.Count > 0 ? updates : throw new VerbException($"You must specify at least one feature to {Verb}");
    }

    public async Task<int> RunAsync(VerbContext context, AdminClient admin, ArgumentSet call, SortedDictionary<string, FeatureUpdate> updates)
    {
        var isDryRun = call.Has(_dryRun);
        var outcomes = await admin.UpdateFeaturesAsync(updates, isDryRun, cancellationToken: context.Stop);
        var failed = 0;
        foreach (var (name, update) in updates)
        {
            var target = _kind == FeatureChangeKind.Disable ? "" : string.Create(CultureInfo.InvariantCulture, $" to {update.MaxLevel}");
            if (outcomes[name].Error is { } error)
            {
                failed++;
                context.Out.WriteLine($"{(isDryRun ? "Can not" : "Could not")} {Verb} {name}{target}. {error.Message}");
            }
            else
            {
                context.Out.WriteLine($"{name} {(isDryRun ? "can be" : "was")} {Verb}{(Verb[^1] == 'e' ? "d" : "ed")}{target}.");
            }
        }

        return failed == 0 ? 0 : throw new VerbException($"{failed} out of {updates.Count} operation(s) failed.");
    }
}
