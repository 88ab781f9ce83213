using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Features;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Decides over feature levels (KIP-584, KIP-778). Lives on the controller's thread.</summary>
internal sealed class FeatureControlManager(ControllerState state, ConfigurationControlManager configuration)
{
    internal const string KRaftVersion = FeaturesImage.KRaftVersionFeature;
    internal const string ElrVersion = "eligible.leader.replicas.version";

    private enum UpgradeType : sbyte
    {
        Unknown = 0,
        Upgrade = 1,
        SafeDowngrade = 2,
        UnsafeDowngrade = 3,
    }

    /// <param name="request">The request.</param>
    /// <param name="apiVersion">Its version: 0 knows only a flag for downgrades, 2 tells one error for all.</param>
    /// <param name="kraftVersion">The level of kraft.version, which the quorum keeps.</param>
    /// <param name="upgradeKRaft">Writes a higher kraft.version with the voters that hold from then on.</param>
    internal ControllerResult<UpdateFeaturesResponse> Update(UpdateFeaturesRequest request, short apiVersion, short kraftVersion, Action<short> upgradeKRaft)
    {
        var response = new UpdateFeaturesResponse();
        var proposed = new Dictionary<string, short>(state.Image.Features.Finalized, StringComparer.Ordinal)
        {
            [MetadataVersion.FeatureName] = state.MetadataVersion,
            [KRaftVersion] = kraftVersion,
        };
        foreach (var update in request.FeatureUpdates) proposed[update.Feature] = update.MaxVersionLevel;

        var records = new RecordList();
        foreach (var update in request.FeatureUpdates)
        {
            var error = Update(update.Feature, update.MaxVersionLevel, TypeOf(update, apiVersion), proposed, kraftVersion, records);
            if (!error.IsFailure) continue;
            response.ErrorCode = error.Code;
            response.ErrorMessage = $"The update failed for all features since the following feature had an error: {error.Text}";
            if (apiVersion <= 1)
            {
                response.ErrorCode = ErrorCode.None;
                response.ErrorMessage = null;
                foreach (var feature in request.FeatureUpdates)
                {
                    response.Results.Add(new UpdateFeaturesResponse.UpdatableFeatureResult
                    {
                        Feature = feature.Feature,
                        ErrorCode = error.Code,
                        ErrorMessage = feature.Feature == update.Feature
                            ? error.Text
                            : $"The update failed for all features since the following feature had an error: {error.Text}",
                    });
                }
            }
            return ControllerResult.Of(response);
        }
        if (apiVersion <= 1)
        {
            foreach (var update in request.FeatureUpdates)
            {
                response.Results.Add(new UpdateFeaturesResponse.UpdatableFeatureResult { Feature = update.Feature });
            }
        }
        if (request.ValidateOnly) return ControllerResult.Of(response);
        if (proposed[KRaftVersion] > kraftVersion) upgradeKRaft(proposed[KRaftVersion]);
        return ControllerResult.Of(records.Records, response);
    }

    private static UpgradeType TypeOf(UpdateFeaturesRequest.FeatureUpdateKey update, short apiVersion) => apiVersion == 0
        ? update.AllowDowngrade ? UpgradeType.SafeDowngrade : UpgradeType.Upgrade
        : update.UpgradeType is >= 1 and <= 3 ? (UpgradeType)update.UpgradeType : UpgradeType.Unknown;

    private static ApiError Invalid(string feature, short level, string message) =>
        new(ErrorCode.InvalidUpdateVersion, $"Invalid update version {level} for feature {feature}. {message}");

    private static ApiError InvalidMetadataVersion(short level, string message) =>
        new(ErrorCode.InvalidUpdateVersion, $"Invalid metadata.version {level}. {message}");

    private ApiError Update(
        string name, short level, UpgradeType type, Dictionary<string, short> proposed, short kraftVersion, RecordList records)
    {
        if (type == UpgradeType.Unknown) return Invalid(name, level, "The controller does not support the given upgrade type.");
        var current = name == KRaftVersion ? kraftVersion : state.Image.Features.Level(name);
        if (level < 0) return Invalid(name, level, "A feature version cannot be less than 0.");
        if (ReasonNotSupported(name, level) is { } reason) return Invalid(name, level, reason);
        if (level < current && type == UpgradeType.Upgrade)
        {
            return Invalid(
                name, level,
                "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.");
        }
        if (level > current && type != UpgradeType.Upgrade) return Invalid(name, level, "Can't downgrade to a newer version.");

        if (name == MetadataVersion.FeatureName) return UpdateMetadataVersion(level, type, records);
        if (name == KRaftVersion) return UpdateKRaftVersion(level, current, type, records);
        if (!Feature.TryGet(name, out var feature)) return Invalid(name, level, "The controller does not know this feature.");
        if (feature.Levels.FirstOrDefault(l => l.Level == level) is not { } target)
        {
            return Invalid(name, level, $"No feature:{name} with feature level {level}");
        }
        foreach (var (needed, neededLevel) in target.Needs)
        {
            if (proposed.GetValueOrDefault(needed) < neededLevel)
            {
                return Invalid(
                    name, level,
                    $"{name} could not be set to {level} because it depends on {needed} level {neededLevel}");
            }
        }
        if (name == ElrVersion && level > 0 && current == 0) configuration.AddElrSafetyRecords(records);
        records.Add(new FeatureLevelRecord { Name = name, FeatureLevel = level });
        return ApiError.None;
    }

    private static ApiError UpdateKRaftVersion(short level, short current, UpgradeType type, RecordList records)
    {
        if (type != UpgradeType.Upgrade)
            return level == current ? ApiError.None : Invalid(KRaftVersion, level, "Can't downgrade the version of this feature.");
        // The version itself is a control record of the quorum; this one tells those who read only metadata that something came.
        records.Add(new NoOpRecord());
        return ApiError.None;
    }

    private ApiError UpdateMetadataVersion(short level, UpgradeType type, RecordList records)
    {
        if (!MetadataVersion.TryFromLevel(level, out var wanted))
        {
            return InvalidMetadataVersion(level, $"Valid versions are from {MetadataRules.Minimum} to {MetadataVersion.All[^1].Level}.");
        }
        var current = state.MetadataVersion;
        if (level < current && RecordsChangedBetween(level, current))
        {
            _ = MetadataVersion.TryFromLevel(current, out var from);
            var why = type == UpgradeType.UnsafeDowngrade
                ? "Unsafe metadata downgrade is not supported in this version."
                : "Refusing to perform the requested downgrade because it might delete metadata information.";
            return new ApiError(
                ErrorCode.InvalidUpdateVersion, $"Unsupported metadata.version downgrade from {from} to {wanted}. {why}");
        }
        records.Add(new FeatureLevelRecord { Name = MetadataVersion.FeatureName, FeatureLevel = level });
        return ApiError.None;
    }

    private static bool RecordsChangedBetween(short low, short high)
    {
        foreach (var version in MetadataVersion.All)
        {
            if (version.Level > low && version.Level <= high && version.ChangesRecords) return true;
        }
        return false;
    }

    private string? ReasonNotSupported(string name, short level)
    {
        var local = state.Options.SupportedFeatures.GetValueOrDefault(name);
        if (Reason($"Local controller {state.Options.NodeId}", local, level) is { } reason) return reason;
        foreach (var broker in state.Image.Cluster.Brokers.Values)
        {
            if (Reason($"Broker {broker.Id}", broker.SupportedFeatures.GetValueOrDefault(name), level) is { } why) return why;
        }
        foreach (var controller in state.Image.Cluster.Controllers.Values)
        {
            if (controller.Id == state.Options.NodeId) continue;
            if (Reason($"Controller {controller.Id}", controller.SupportedFeatures.GetValueOrDefault(name), level) is { } why) return why;
        }
        return null;
    }

    private static string? Reason(string what, FeatureRange range, short level)
    {
        if (range.Contains(level)) return null;
        return range.Max == 0 ? $"{what} does not support this feature." : $"{what} only supports versions {range}";
    }
}
