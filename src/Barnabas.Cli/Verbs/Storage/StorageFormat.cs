using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Formatting;
using Barnabas.Storage.Disks;

namespace Barnabas.Cli.Verbs.Storage;

/// <summary>kafka-storage format: makes log directories those of a node.</summary>
internal sealed class StorageFormat
{
    private readonly Argument _clusterId;
    private readonly Argument _scram;
    private readonly Argument _ignoreFormatted;
    private readonly Argument _release;
    private readonly Argument _features;
    private readonly Argument _standalone;
    private readonly Argument _noControllers;
    private readonly Argument _controllers;

    public StorageFormat(ArgumentParser parser)
    {
        Command = parser.Command("format", "Format the log directories of this node.");
        Config = Command.Value("--config/-c", "The node's configuration file.", required: true);
        _clusterId = Command.Value("--cluster-id/-t", "The id of the cluster.", required: true);
        _scram = Command.Repeated("--add-scram/-S", "A credential for the metadata log, as SCRAM-SHA-256=[name=alice,password=alice-secret].");
        _ignoreFormatted = Command.Flag("--ignore-formatted/-g", "Leave directories alone that are formatted already.");
        _release = Command.Value("--release-version/-r", "The release whose feature levels the cluster starts with.");
        _features = Command.Repeated("--feature/-f", "The level of one feature, as feature=level.");
        _standalone = Command.Flag("--standalone/-s", "Make this controller the only voter of a quorum that can change.");
        _noControllers = Command.Flag("--no-initial-controllers/-N", "Format without naming voters.");
        _controllers = Command.Value("--initial-controllers/-I", "The voters of a quorum that can change, as id@host:port:directory divided by commas.");
        Command.OneOf(required: false, _standalone, _noControllers, _controllers);
    }

    public ArgumentParser Command { get; }

    public Argument Config { get; }

    public void Run(VerbContext context, ArgumentSet call, BrokerConfig config)
    {
        var formatter = new StorageFormatter(new PhysicalDisk(), context.Time, Random.Shared, context.Out);
        formatter.Run(new StorageFormatOptions
        {
            Config = config,
            ClusterId = call.Required(_clusterId),
            ScramCredentials = call.ValuesOf(_scram),
            IgnoreFormatted = call.Has(_ignoreFormatted),
            ReleaseVersion = call.ValueOf(_release),
            Features = call.ValuesOf(_features),
            Standalone = call.Has(_standalone),
            NoInitialControllers = call.Has(_noControllers),
            InitialControllers = call.ValueOf(_controllers),
        });
    }
}
