using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Features;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Tests;

public sealed class FeatureTests
{
    [Fact]
    public void A_level_is_lowered_only_when_the_request_says_so()
    {
        var harness = new ControllerHarness();
        var refused = Update(harness, 2, ("transaction.version", 1, 1));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, refused.ErrorCode);
        Assert.Equal(
            "The update failed for all features since the following feature had an error: Invalid update version 1 for feature " +
            "transaction.version. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
            refused.ErrorMessage);
        Assert.Equal(ErrorCode.None, Update(harness, 2, ("transaction.version", 1, 2)).ErrorCode);
        Assert.Equal(1, harness.Image.Features.Level("transaction.version"));
    }

    [Theory]
    [InlineData("transaction.version", 9, "Invalid update version 9 for feature transaction.version. Local controller 1 only supports versions 0-2")]
    [InlineData("nope", 1, "Invalid update version 1 for feature nope. Local controller 1 does not support this feature.")]
    [InlineData("metadata.version", 31, "Invalid update version 31 for feature metadata.version. Local controller 1 only supports versions 7-30")]
    public void An_unknown_level_is_refused(string feature, short level, string message)
    {
        var harness = new ControllerHarness();
        var result = Update(harness, 2, (feature, level, 1));
        Assert.EndsWith(message, result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_downgrade_that_would_lose_metadata_is_refused()
    {
        var harness = new ControllerHarness();
        Assert.EndsWith(
            "Unsupported metadata.version downgrade from 4.3-IV0 to 4.2-IV1. Refusing to perform the requested downgrade because it might delete metadata information.",
            Update(harness, 2, ("metadata.version", 29, 2)).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_up_to_1_answer_per_feature()
    {
        var harness = new ControllerHarness();
        var result = Update(harness, 1, ("group.version", 0, 2), ("share.version", 0, 2));
        Assert.Equal(["group.version", "share.version"], result.Results.Select(r => r.Feature));
        Assert.Empty(Update(harness, 2, ("group.version", 1, 1)).Results);
    }

    [Fact]
    public void Enabling_eligible_leader_replicas_writes_the_clusters_minimum()
    {
        var harness = new ControllerHarness(elr: 0);
        Assert.Equal(ErrorCode.None, Update(harness, 2, ("eligible.leader.replicas.version", 1, 1)).ErrorCode);
        Assert.Equal("1", harness.Image.Configs.ConfigsOf(Image.ConfigResource.DefaultBroker)["min.insync.replicas"]);
    }

    [Fact]
    public void Upgrading_the_metadata_version_step_by_step_keeps_the_log_readable()
    {
        Assert.True(MetadataVersion.TryFromLevel(7, out var oldest));
        var harness = new ControllerHarness(elr: 0, version: oldest);
        foreach (var version in MetadataVersion.All.Where(v => v.Level > 7 && v.Level <= 30))
        {
            Assert.Equal(ErrorCode.None, Update(harness, 2, ("metadata.version", version.Level, 1)).ErrorCode);
            Assert.Equal(version.Level, harness.Image.Features.MetadataVersion);
        }
    }

    private static UpdateFeaturesResponse Update(ControllerHarness harness, short apiVersion, params (string Name, short Level, sbyte Type)[] updates)
    {
        var request = new UpdateFeaturesRequest();
        foreach (var (name, level, type) in updates) request.FeatureUpdates.Add(new() { Feature = name, MaxVersionLevel = level, UpgradeType = type });
        return harness.Run(harness.Controller.UpdateFeaturesAsync(new ControllerRequestContext(apiVersion, "User:test"), request));
    }
}
