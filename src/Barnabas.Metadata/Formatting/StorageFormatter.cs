using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Bootstrap;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Features;
using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;
using Barnabas.Storage;
using OffsetAndEpoch = Barnabas.Raft.OffsetAndEpoch;

namespace Barnabas.Metadata.Formatting;

/// <summary>
/// Formats the log directories of a node: what <c>kafka-storage.sh format</c> does, in its files and its words. Each
/// directory's <c>meta.properties</c> is written last, so that an interrupted run leaves it unformatted.
/// </summary>
/// <param name="disk">Where the directories are.</param>
/// <param name="time">Gives the timestamps in the files.</param>
/// <param name="random">Chooses directory ids.</param>
/// <param name="output">Gets the lines that the tool prints.</param>
public sealed class StorageFormatter(IDisk disk, TimeProvider time, Random random, TextWriter output)
{
    /// <summary>The version of meta.properties.</summary>
    private const int MetaPropertiesVersion = 1;

    /// <summary>Formats.</summary>
    /// <exception cref="FormatterException">The arguments contradict each other, or a directory is formatted already.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Run(StorageFormatOptions options)
    {
        var config = options.Config;
        if (config.NodeId < 0) throw new FormatterException("You must specify a valid non-negative node ID.");
        var voters = Voters(options);
        var isDynamic = voters is not null || (options.NoInitialControllers && config.QuorumVoters.Count == 0);
        var (version, levels) = FeatureLevels.Resolve(
            options.ReleaseVersion, options.Features, config.UnstableFeatureVersionsEnable, isDynamic);
        var bootstrap = Bootstrap(options, version, levels);

        var empty = FindEmptyDirectories(options);
        if (empty.Count == 0)
        {
            output.WriteLine("All of the log directories are already formatted.");
            return;
        }
        output.WriteLine($"Bootstrap metadata: {BootstrapText.Of(bootstrap)}");
        foreach (var directory in empty) Format(directory, options, version, bootstrap, voters, isDynamic);
    }

    private static BootstrapMetadata Bootstrap(
        StorageFormatOptions options, MetadataVersion version, SortedDictionary<string, short> levels)
    {
        var bootstrap = BootstrapMetadata.FromVersions(version, levels, "format command");
        if (options.ScramCredentials.Count == 0) return bootstrap;
        if (!MetadataRules.Scram(version.Level))
        {
            throw new FormatterException("SCRAM is only supported in metadata.version 3.5-IV2 or later.");
        }
        return BootstrapMetadata.FromRecords(
            [.. bootstrap.Records, .. options.ScramCredentials.Select(c => new VersionedRecord(ScramCredentialParser.Parse(c), 0))],
            "format command");
    }

    private VoterSet? Voters(StorageFormatOptions options)
    {
        var config = options.Config;
        var listener = config.ControllerListenerNames.Count > 0
            ? config.ControllerListenerNames[0]
            : throw new FormatterException("You must specify the name of the initial controller listener.");
        if (config.QuorumVoters.Count > 0 && (options.Standalone || options.InitialControllers is not null))
        {
            throw new FormatterException(
                "You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. " +
                "If you want to use dynamic quorum, please remove controller.quorum.voters and specify " +
                "controller.quorum.bootstrap.servers instead.");
        }
        var voters = options.Standalone ? InitialVoters.Standalone(config, random)
            : options.InitialControllers is { } text ? InitialVoters.Parse(text, listener)
            : null;
        if (voters is null && !options.NoInitialControllers && config.IsController && config.QuorumVoters.Count == 0)
        {
            throw new FormatterException(
                "Because controller.quorum.voters is not set on this controller, you must specify one of the following: " +
                "--standalone, --initial-controllers, or --no-initial-controllers.");
        }
        return voters;
    }

    private List<string> FindEmptyDirectories(StorageFormatOptions options)
    {
        List<string> empty = [];
        string? formatted = null;
        var failed = 0;
        foreach (var directory in Directories(options.Config))
        {
            try
            {
                if (MetaProperties.Read(disk, directory) is { } properties)
                {
                    Verify(properties, directory, options);
                    formatted ??= directory;
                }
                else
                {
                    empty.Add(directory);
                }
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                output.WriteLine($"I/O error trying to read log directory {directory}. Ignoring...");
                failed++;
            }
        }
        if (formatted is not null && !options.IgnoreFormatted)
        {
            throw new FormatterException(
                $"Log directory {formatted} is already formatted. Use --ignore-formatted to ignore this directory and format the others.");
        }
        if (failed > 0 && empty.Count == 0 && formatted is null) throw new FormatterException("No available log directories to format.");
        return empty;
    }

    private static List<string> Directories(BrokerConfig config) =>
        [config.MetadataLogDir, .. config.LogDirs.Where(d => d != config.MetadataLogDir).Distinct().Order(StringComparer.Ordinal)];

    private static void Verify(MetaProperties properties, string directory, StorageFormatOptions options)
    {
        var file = Path.Combine(directory, "meta.properties");
        if (properties.ClusterId is { } cluster && cluster != options.ClusterId)
        {
            throw new FormatterException($"Invalid cluster.id in: {file}. Expected {options.ClusterId}, but read {cluster}");
        }
        if (properties.NodeId is { } node && node != options.Config.NodeId)
        {
            throw new FormatterException($"Stored node id {node} doesn't match previous node id {options.Config.NodeId} in {file}");
        }
    }

    private void Format(
        string directory,
        StorageFormatOptions options,
        MetadataVersion version,
        BootstrapMetadata bootstrap,
        VoterSet? voters,
        bool isDynamic)
    {
        var isMetadata = directory == options.Config.MetadataLogDir;
        var self = voters?.Voters.GetValueOrDefault(options.Config.NodeId);
        var kind = !isMetadata ? "data directory"
            : voters is null ? "metadata directory"
            : self is null ? "dynamic metadata directory"
            : "dynamic metadata voter directory";
        output.WriteLine($"Formatting {kind} {directory} with metadata.version {version}.");
        disk.CreateDirectory(directory);
        bootstrap.Write(disk, directory, time);
        var id = isMetadata && self is not null ? self.Key.DirectoryId : Uuid.Random(random);
        if (isMetadata && isDynamic && self is not null) WriteVoters(directory, voters!);
        new MetaProperties(MetaPropertiesVersion, options.ClusterId, options.Config.NodeId, id).Write(disk, directory, time);
    }

    /// <summary>The voters of a dynamic quorum stand in a snapshot of nothing, where the log begins.</summary>
    private void WriteVoters(string directory, VoterSet voters)
    {
        var log = Path.Combine(directory, "__cluster_metadata-0");
        disk.CreateDirectory(log);
        using var writer = new SnapshotWriter(
            disk, Path.Combine(log, SnapshotFiles.Name(OffsetAndEpoch.Bootstrap)), OffsetAndEpoch.Bootstrap,
            time.GetUtcNow().ToUnixTimeMilliseconds(), 1, voters, time);
        writer.Freeze();
        disk.FlushDirectory(directory);
    }
}
