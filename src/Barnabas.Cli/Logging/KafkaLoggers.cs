namespace Barnabas.Cli.Logging;

/// <summary>Which logger here does the work of a package or class of Apache Kafka, for the names that operators set levels by.</summary>
internal static class KafkaLoggers
{
    private static readonly Dictionary<string, string> Table = new(StringComparer.OrdinalIgnoreCase)
    {
        ["kafka"] = "Barnabas",
        ["org.apache.kafka"] = "Barnabas",
        ["kafka.server"] = "Barnabas.Broker",
        ["kafka.server.BrokerServer"] = "Barnabas.Broker",
        ["kafka.server.ControllerServer"] = "Barnabas.Metadata.Controller",
        ["kafka.server.KafkaApis"] = "Barnabas.Broker",
        ["kafka.server.KafkaConfig"] = "Barnabas.Broker",
        ["kafka.server.ReplicaManager"] = "Barnabas.Broker",
        ["kafka.cluster"] = "Barnabas.Broker",
        ["kafka.cluster.Partition"] = "Barnabas.Broker",
        ["kafka.network"] = "Barnabas.Network",
        ["kafka.network.SocketServer"] = "Barnabas.Network",
        ["kafka.request.logger"] = "Barnabas.Requests",
        ["kafka.authorizer.logger"] = "Barnabas.Authorizer",
        ["kafka.log"] = "Barnabas.Storage",
        ["kafka.log.LogManager"] = "Barnabas.Storage",
        ["kafka.log.LogCleaner"] = "Barnabas.LogCleaner",
        ["kafka.raft"] = "Barnabas.Raft",
        ["kafka.controller"] = "Barnabas.Metadata.Controller",
        ["kafka.coordinator"] = "Barnabas.GroupCoordinator",
        ["kafka.coordinator.group"] = "Barnabas.GroupCoordinator",
        ["kafka.coordinator.transaction"] = "Barnabas.TransactionCoordinator",
        ["org.apache.kafka.common.network"] = "Barnabas.Network",
        ["org.apache.kafka.clients"] = "Barnabas.Client",
        ["org.apache.kafka.controller"] = "Barnabas.Metadata.Controller",
        ["org.apache.kafka.controller.QuorumController"] = "Barnabas.Metadata.Controller",
        ["org.apache.kafka.coordinator.group"] = "Barnabas.GroupCoordinator",
        ["org.apache.kafka.coordinator.group.GroupCoordinatorService"] = "Barnabas.GroupCoordinator",
        ["org.apache.kafka.coordinator.share"] = "Barnabas.ShareCoordinator",
        ["org.apache.kafka.coordinator.transaction"] = "Barnabas.TransactionCoordinator",
        ["org.apache.kafka.image.loader.MetadataLoader"] = "Barnabas.Metadata.Publishing",
        ["org.apache.kafka.metadata"] = "Barnabas.Metadata",
        ["org.apache.kafka.raft"] = "Barnabas.Raft",
        ["org.apache.kafka.raft.KafkaRaftClient"] = "Barnabas.Raft",
        ["org.apache.kafka.server"] = "Barnabas.Broker",
        ["org.apache.kafka.server.quota.ClientQuotaManager$ThrottledChannelReaper"] = "Barnabas.Broker",
        ["org.apache.kafka.storage"] = "Barnabas.Storage",
        ["org.apache.kafka.storage.internals.log.LogCleaner"] = "Barnabas.LogCleaner",
        ["org.apache.kafka.storage.internals.log.LogManager"] = "Barnabas.Storage",
        ["org.apache.kafka.storage.internals.log.UnifiedLog"] = "Barnabas.Storage",
        ["state.change.logger"] = "Barnabas.Broker",
    };

    /// <summary>Every name of Apache Kafka's that has a meaning here.</summary>
    public static IReadOnlyCollection<string> Names => Table.Keys;

    /// <summary>The logger that a name of Apache Kafka's stands for, or null.</summary>
    public static string? Find(string name) => Table.GetValueOrDefault(name);
}
