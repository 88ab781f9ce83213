using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Cli.Verbs.Storage;
using Barnabas.Client.Admin;
using Barnabas.Protocol.Features;

namespace Barnabas.Cli.Verbs.Features;

/// <summary>kafka-features: shows and changes the levels of the cluster's features.</summary>
internal sealed class FeaturesVerb : Verb
{
    private readonly ArgumentParser _parser = new("kafka-features", "This tool manages feature flags in Kafka.") { HelpStatus = 0 };
    private readonly Argument _bootstrapServer;
    private readonly Argument _bootstrapController;
    private readonly Argument _commandConfig;
    private readonly ArgumentParser _describe;
    private readonly Argument _describeNode;
    private readonly FeatureChange[] _changes;
    private readonly ArgumentParser _versions;
    private readonly Argument _versionsRelease;
    private readonly ArgumentParser _dependencies;
    private readonly Argument _dependenciesFeature;

    public FeaturesVerb()
    {
        _bootstrapServer = _parser.Value("--bootstrap-server", "A comma-separated list of host:port pairs to use for establishing the connection to the Kafka cluster.");
        _bootstrapController = _parser.Value("--bootstrap-controller", "A comma-separated list of host:port pairs to use for establishing the connection to the KRaft quorum.");
        _parser.OneOf(required: false, _bootstrapServer, _bootstrapController);
        _commandConfig = _parser.Value("--command-config", "Property file containing configs to be passed to Admin Client.");
        _describe = _parser.Command("describe", "Describes the current active feature flags.").WithJson();
        _describeNode = _describe.Value("--node-id", "The node to which the request is sent.", type: ArgumentType.Integer);
        _changes =
        [
            new FeatureChange(_parser, FeatureChangeKind.Upgrade),
            new FeatureChange(_parser, FeatureChangeKind.Downgrade),
            new FeatureChange(_parser, FeatureChangeKind.Disable),
        ];
        _versions = _parser.Command("version-mapping", "Look up the features of a metadata version; of the latest stable one where none is named.");
        _versionsRelease = _versions.Value("--release-version", "The release version to look up.");
        _dependencies = _parser.Command("feature-dependencies", "Look up dependencies for given feature levels.");
        _dependenciesFeature = _dependencies.Repeated("--feature", "A feature and its level, as feature=level.", required: true);
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var call = Parse(arguments);
        context.Listing = call.AsksForJson ? new JsonListing() : null;
        if (call.Command == _versions)
        {
            FeatureTables.PrintVersionMapping(context.Out, call.ValueOf(_versionsRelease));
            return 0;
        }

        if (call.Command == _dependencies)
        {
            FeatureTables.PrintDependencies(context.Out, call.ValuesOf(_dependenciesFeature));
            return 0;
        }

        if (!call.Has(_bootstrapServer) && !call.Has(_bootstrapController))
            throw CommandLineError("You must specify either --bootstrap-controller or --bootstrap-server.");
        var change = Array.Find(_changes, candidate => candidate.Command == call.Command);
        var updates = change?.Read(context, call);
        await using var admin = Clients.Admin(call.ValueOf(_bootstrapServer), call.ValueOf(_commandConfig), call.ValueOf(_bootstrapController));
        if (change is not null)
            return await change.RunAsync(context, admin, call, updates!);
        await DescribeAsync(context, admin, call.Has(_describeNode) ? call.IntOf(_describeNode) : null);
        return 0;
    }

    private ArgumentSet Parse(IReadOnlyList<string> arguments)
    {
        try
        {
            return _parser.Parse(arguments);
        }
        catch (ArgumentError error)
        {
            throw CommandLineError(error.Reason);
        }
    }

    private static async Task DescribeAsync(VerbContext context, AdminClient admin, int? nodeId)
    {
        var features = await admin.DescribeFeaturesAsync(nodeId, cancellationToken: context.Stop);
        foreach (var (name, supported) in features.Supported.OrderBy(feature => feature.Key, StringComparer.Ordinal))
        {
            var level = features.Finalized.TryGetValue(name, out var finalized) ? finalized.Highest : (short)0;
            var epoch = features.FinalizedEpoch?.ToString(CultureInfo.InvariantCulture) ?? "-";
            if (context.Listing is { } listing)
            {
                listing.Add(
                    ["feature", "supportedMinVersion", "supportedMaxVersion", "finalizedVersionLevel", "epoch"],
                    [name, LevelText(name, supported.Lowest), LevelText(name, supported.Highest), LevelText(name, level), epoch]);
                continue;
            }

            context.Out.WriteLine(
                $"Feature: {name,-42}SupportedMinVersion: {LevelText(name, supported.Lowest),-17}SupportedMaxVersion: {LevelText(name, supported.Highest),-17}FinalizedVersionLevel: {LevelText(name, level),-17}Epoch: {epoch}");
        }
    }

    /// <summary>Levels of metadata.version go by their names.</summary>
    private static string LevelText(string feature, short level) =>
        feature == MetadataVersion.FeatureName
            ? MetadataVersion.TryFromLevel(level, out var version) ? version.Name : $"UNKNOWN [{level}]"
            : level.ToString(CultureInfo.InvariantCulture);

    private static VerbException CommandLineError(string message) => new($"Command line error: {message}. Type --help for help.");
}
