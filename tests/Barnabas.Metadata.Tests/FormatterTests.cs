using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Formatting;
using Barnabas.Storage;
using Barnabas.Storage.Disks;

namespace Barnabas.Metadata.Tests;

/// <summary>The lines are those that kafka-storage.sh of Apache Kafka 4.3.1 prints.</summary>
public sealed class FormatterTests
{
    private const string Records =
        "ApiMessageAndVersion(FeatureLevelRecord(name='metadata.version', featureLevel=30) at version 0), " +
        "ApiMessageAndVersion(FeatureLevelRecord(name='eligible.leader.replicas.version', featureLevel=1) at version 0), " +
        "ApiMessageAndVersion(FeatureLevelRecord(name='group.version', featureLevel=1) at version 0), " +
        "ApiMessageAndVersion(FeatureLevelRecord(name='share.version', featureLevel=1) at version 0), " +
        "ApiMessageAndVersion(FeatureLevelRecord(name='streams.version', featureLevel=1) at version 0), " +
        "ApiMessageAndVersion(FeatureLevelRecord(name='transaction.version', featureLevel=2) at version 0)";

    [Theory]
    [InlineData(false, "metadata directory")]
    [InlineData(true, "dynamic metadata voter directory")]
    public void Formatting_says_what_Apache_Kafka_says(bool isStandalone, string kind)
    {
        using var folder = new TemporaryFolder();
        var directory = folder.Sub("data");
        var output = NodeHarness.Format(NodeHarness.Properties(directory, isStandalone), isStandalone);
        Assert.Equal(
            $"Bootstrap metadata: BootstrapMetadata(records=[{Records}], metadataVersionLevel=30, source=format command){Environment.NewLine}" +
            $"Formatting {kind} {directory} with metadata.version 4.3-IV0.{Environment.NewLine}",
            output);
        var properties = MetaProperties.Read(new PhysicalDisk(), directory)!;
        Assert.Equal((ControllerHarness.ClusterId, 1), (properties.ClusterId, properties.NodeId));
        Assert.Equal(isStandalone, File.Exists(Path.Combine(directory, "__cluster_metadata-0", "00000000000000000000-0000000000.checkpoint")));
    }

    [Fact]
    public void A_formatted_directory_is_refused_or_skipped()
    {
        using var folder = new TemporaryFolder();
        var properties = NodeHarness.Properties(folder.Sub("data"), isStandalone: false);
        NodeHarness.Format(properties, isStandalone: false);
        Assert.Equal(
            $"Log directory {folder.Sub("data")} is already formatted. Use --ignore-formatted to ignore this directory and format the others.",
            Fails(properties, o => o));
        Assert.Equal($"All of the log directories are already formatted.{Environment.NewLine}", Run(properties, o => o with { IgnoreFormatted = true }));
        Assert.Equal(
            $"Invalid cluster.id in: {folder.Sub("data")}/meta.properties. Expected other, but read {ControllerHarness.ClusterId}",
            Fails(properties, o => o with { ClusterId = "other" }));
    }

    [Fact]
    public void What_does_not_go_together_is_refused_in_Kafkas_words()
    {
        using var folder = new TemporaryFolder();
        var fixedVoters = NodeHarness.Properties(folder.Sub("data"), isStandalone: false);
        var dynamic = NodeHarness.Properties(folder.Sub("data"), isStandalone: true);
        Assert.StartsWith("Because controller.quorum.voters is not set on this controller, you must specify one of the following:", Fails(dynamic, o => o), StringComparison.Ordinal);
        Assert.StartsWith("You cannot specify controller.quorum.voters and format the node with", Fails(fixedVoters, o => o with { Standalone = true }), StringComparison.Ordinal);
        Assert.Equal(
            "Unsupported feature: foo.version. Supported features are: eligible.leader.replicas.version, group.version, kraft.version, share.version, streams.version, transaction.version",
            Fails(fixedVoters, o => o with { Features = ["foo.version=1"] }));
        Assert.StartsWith("Cannot set kraft.version to 1 unless controller.quorum.voters is empty", Fails(fixedVoters, o => o with { Features = ["kraft.version=1"] }), StringComparison.Ordinal);
        Assert.StartsWith("Cannot set kraft.version to 0 if controller.quorum.voters is empty", Fails(dynamic, o => o with { Standalone = true, Features = ["kraft.version=0"] }), StringComparison.Ordinal);
        Assert.Equal(
            "eligible.leader.replicas.version could not be set to 1 because it depends on metadata.version level 23",
            Fails(fixedVoters, o => o with { ReleaseVersion = "3.8", Features = ["eligible.leader.replicas.version=1"] }));
        Assert.Equal("No feature:group.version with feature level 9", Fails(fixedVoters, o => o with { Features = ["group.version=9"] }));
        Assert.Equal(
            "Use --release-version instead of --feature metadata.version=X to avoid ambiguity.",
            Fails(fixedVoters, o => o with { ReleaseVersion = "3.8", Features = ["metadata.version=30"] }));
        Assert.StartsWith("Unknown metadata.version '4.4-IV0'. Supported metadata.version are: 3.3-IV3, 3.4-IV0,", Fails(fixedVoters, o => o with { ReleaseVersion = "4.4-IV0" }), StringComparison.Ordinal);
        Assert.Equal("The add-scram mechanism SCRAM-SHA-1 is not supported.", Fails(fixedVoters, o => o with { ScramCredentials = ["SCRAM-SHA-1=[name=a,password=b]"] }));
        Assert.Equal("You must supply 'name' to add-scram", Fails(fixedVoters, o => o with { ScramCredentials = ["SCRAM-SHA-256=[password=b]"] }));
        Assert.False(Directory.Exists(folder.Sub("data")));
    }

    [Fact]
    public void Unstable_levels_need_the_configuration_that_allows_them()
    {
        using var folder = new TemporaryFolder();
        var properties = NodeHarness.Properties(folder.Sub("data"), isStandalone: false);
        properties["unstable.feature.versions.enable"] = "true";
        Assert.Contains("with metadata.version 4.4-IV0.", Run(properties, o => o), StringComparison.Ordinal);
    }

    private static string Fails(Dictionary<string, string> properties, Func<StorageFormatOptions, StorageFormatOptions> change) =>
        Assert.Throws<FormatterException>(() => Run(properties, change)).Message;

    private static string Run(Dictionary<string, string> properties, Func<StorageFormatOptions, StorageFormatOptions> change)
    {
        var output = new StringWriter();
        new StorageFormatter(new PhysicalDisk(), TimeProvider.System, new Random(1), output).Run(change(new StorageFormatOptions
        {
            Config = BrokerConfig.Create(properties),
            ClusterId = ControllerHarness.ClusterId,
        }));
        return output.ToString();
    }
}
