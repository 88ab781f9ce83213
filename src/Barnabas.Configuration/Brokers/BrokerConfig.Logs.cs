namespace Barnabas.Configuration.Brokers;

/// <content>Where logs are and how long they are kept, with Kafka's precedence among the units.</content>
public sealed partial class BrokerConfig
{
    /// <summary>The log directories, as written in the file.</summary>
    public IReadOnlyList<string> LogDirs => Get("log.dirs") is null ? GetList("log.dir") : GetList("log.dirs");

    /// <summary>The log directories that get no new partitions (KIP-1066), as written in the file; a star names them all.</summary>
    public IReadOnlyList<string> CordonedLogDirs => GetList("cordoned.log.dirs") is ["*"] ? LogDirs : GetList("cordoned.log.dirs");

    /// <summary>The directory of the metadata log.</summary>
    public string MetadataLogDir => GetOptionalString("metadata.log.dir") ?? LogDirs[0];

    /// <summary>How long segments are kept, in milliseconds; -1 for ever.</summary>
    public long LogRetentionMs
    {
        get
        {
            var ms = GetOptionalLong("log.retention.ms") ?? GetOptionalLong("log.retention.minutes") * 60_000L
                ?? GetLong("log.retention.hours") * 3_600_000L;
            return ms < 0 ? -1 : ms;
        }
    }

    /// <summary>How old a segment grows before a new one begins, in milliseconds.</summary>
    public long LogRollMs => GetOptionalLong("log.roll.ms") ?? GetLong("log.roll.hours") * 3_600_000L;

    /// <summary>The most that is taken off <see cref="LogRollMs"/> at random, in milliseconds.</summary>
    public long LogRollJitterMs => GetOptionalLong("log.roll.jitter.ms") ?? GetLong("log.roll.jitter.hours") * 3_600_000L;

    /// <summary>How long a message stays unflushed at most, in milliseconds.</summary>
    public long LogFlushIntervalMs => GetOptionalLong("log.flush.interval.ms") ?? GetLong("log.flush.scheduler.interval.ms");

    /// <summary>How long retained segments stay on local disk, in milliseconds; -2 as long as the whole log.</summary>
    public long LogLocalRetentionMs => GetLong("log.local.retention.ms");

    /// <summary>Partitions of a topic that is created without a number.</summary>
    public int NumPartitions => GetInt("num.partitions");

    /// <summary>Replicas of a topic that is created without a number.</summary>
    public int DefaultReplicationFactor => GetInt("default.replication.factor");

    /// <summary>True where a client's first use of a topic creates it.</summary>
    public bool AutoCreateTopicsEnable => GetBoolean("auto.create.topics.enable");

    /// <summary>The largest request, in bytes.</summary>
    public int SocketRequestMaxBytes => GetInt("socket.request.max.bytes");

    /// <summary>Connections allowed for addresses that have a number of their own.</summary>
    public IReadOnlyDictionary<string, int> MaxConnectionsPerIpOverrides
    {
        get
        {
            var map = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (address, limit) in EndpointParser.ParsePairs("max.connections.per.ip.overrides", GetString("max.connections.per.ip.overrides")))
                map[address] = int.TryParse(limit, out var count) ? count
                    : throw new ConfigException($"Error parsing configuration property 'max.connections.per.ip.overrides': For input string: \"{limit}\"");
            return map;
        }
    }

    /// <summary>True where unfinished versions of APIs are answered.</summary>
    public bool UnstableApiVersionsEnable => GetBoolean("unstable.api.versions.enable");

    /// <summary>True where unfinished feature levels may be used.</summary>
    public bool UnstableFeatureVersionsEnable => GetBoolean("unstable.feature.versions.enable");

    /// <summary>True where an empty log directory is formatted by starting on it (<c>barnabas.format.empty.directories</c>, and every ZooKeeper-era file).</summary>
    public bool FormatsEmptyDirectories => GetBoolean("barnabas.format.empty.directories") || IsZooKeeperEra;
}
