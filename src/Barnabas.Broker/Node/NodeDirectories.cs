using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Formatting;
using Barnabas.Protocol;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>Checks at start that the log directories belong to this node and to one cluster, and formats them where that is allowed.</summary>
internal static class NodeDirectories
{
    private const int CurrentVersion = 1;

    /// <returns>The id of the cluster.</returns>
    /// <exception cref="ConfigException">Directories are not formatted, or belong to other nodes or clusters.</exception>
    public static string Prepare(BrokerConfig config, IDisk disk, TimeProvider time, Random random, ILogger logger)
    {
        var directories = config.LogDirs.Append(config.MetadataLogDir).Select(Path.GetFullPath).Distinct().ToList();
        var found = directories.Select(directory => (Directory: directory, Properties: MetaProperties.Read(disk, directory))).ToList();
        var formatted = found.Where(f => f.Properties is not null).ToList();
        if (formatted.Count == 0)
        {
            if (!config.FormatsEmptyDirectories)
                throw new ConfigException("No readable meta.properties files found. Format the log directories with kafka-storage.sh first.");
            return Format(config, directories, Uuid.Random(random).ToString(), disk, time, random, logger, isNewCluster: true);
        }
        var clusterId = Single(formatted.Select(f => f.Properties!.ClusterId), formatted[0].Directory, "cluster.id");
        foreach (var (directory, properties) in formatted)
        {
            if (properties!.NodeId is { } id && id != config.NodeId)
                throw new ConfigException($"Stored node id {id} doesn't match previous node id {config.NodeId} in {directory}. If you moved your data, make sure your configured node id matches.");
        }
        // A directory that was added to log.dirs joins the others, as in Kafka.
        var empty = found.Where(f => f.Properties is null).Select(f => f.Directory).ToList();
        return empty.Count == 0 ? clusterId : Format(config, empty, clusterId, disk, time, random, logger, isNewCluster: false);
    }

    private static string Single(IEnumerable<string?> ids, string directory, string what)
    {
        var distinct = ids.Distinct().ToList();
        return distinct is [{ } only] ? only : throw new ConfigException($"Found unexpected or missing {what} in the log directories ({string.Join(", ", distinct)}), beginning with {directory}");
    }

    private static string Format(
        BrokerConfig config, List<string> directories, string clusterId, IDisk disk, TimeProvider time, Random random, ILogger logger, bool isNewCluster)
    {
        BrokerLog.Formatting(logger, string.Join(",", directories), clusterId);
        if (isNewCluster)
        {
            // Without configured voters the node becomes a quorum of its own, as with --standalone.
            new StorageFormatter(disk, time, random, TextWriter.Null).Run(
                new StorageFormatOptions { Config = config, ClusterId = clusterId, Standalone = config.QuorumVoters.Count == 0 });
            return clusterId;
        }
        foreach (var directory in directories)
        {
            disk.CreateDirectory(directory);
            new MetaProperties(CurrentVersion, clusterId, config.NodeId, Uuid.Random(random)).Write(disk, directory, time);
        }
        return clusterId;
    }
}
