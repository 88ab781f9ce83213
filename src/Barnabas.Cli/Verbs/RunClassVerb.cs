using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs;

/// <summary>kafka-run-class: tutorials start tools by their Java class; the verb that stands for it runs.</summary>
internal sealed class RunClassVerb : Verb
{
    private static readonly Dictionary<string, string> Tools = new(StringComparer.Ordinal)
    {
        ["Kafka"] = "kafka-server-start",
        ["AclCommand"] = "kafka-acls",
        ["BrokerApiVersionsCommand"] = "kafka-broker-api-versions",
        ["ClientMetricsCommand"] = "kafka-client-metrics",
        ["ClusterTool"] = "kafka-cluster",
        ["ConfigCommand"] = "kafka-configs",
        ["ConsoleConsumer"] = "kafka-console-consumer",
        ["ConsoleProducer"] = "kafka-console-producer",
        ["ConsumerGroupCommand"] = "kafka-consumer-groups",
        ["ConsumerPerformance"] = "kafka-consumer-perf-test",
        ["DelegationTokenCommand"] = "kafka-delegation-tokens",
        ["DeleteRecordsCommand"] = "kafka-delete-records",
        ["DumpLogSegments"] = "kafka-dump-log",
        ["EndToEndLatency"] = "kafka-e2e-latency",
        ["FeatureCommand"] = "kafka-features",
        ["GetOffsetShell"] = "kafka-get-offsets",
        ["GroupsCommand"] = "kafka-groups",
        ["ShareGroupCommand"] = "kafka-share-groups",
        ["JmxTool"] = "kafka-jmx",
        ["LeaderElectionCommand"] = "kafka-leader-election",
        ["LogDirsCommand"] = "kafka-log-dirs",
        ["MetadataQuorumCommand"] = "kafka-metadata-quorum",
        ["MetadataShell"] = "kafka-metadata-shell",
        ["ProducerPerformance"] = "kafka-producer-perf-test",
        ["ReassignPartitionsCommand"] = "kafka-reassign-partitions",
        ["StorageTool"] = "kafka-storage",
        ["TopicCommand"] = "kafka-topics",
        ["TransactionsCommand"] = "kafka-transactions",
        ["VerifiableConsumer"] = "kafka-verifiable-consumer",
        ["VerifiableProducer"] = "kafka-verifiable-producer",
        ["ConsoleShareConsumer"] = "kafka-console-share-consumer",
        ["PreferredReplicaLeaderElectionCommand"] = "kafka-preferred-replica-election",
        ["ReplicaVerificationTool"] = "kafka-replica-verification",
        ["ShareConsumerPerformance"] = "kafka-share-consumer-perf-test",
        ["ShareGroupCommand"] = "kafka-share-groups",
        ["StreamsGroupCommand"] = "kafka-streams-groups",
        ["StreamsResetter"] = "kafka-streams-application-reset",
        ["VerifiableShareConsumer"] = "kafka-verifiable-share-consumer",
        ["ConnectDistributed"] = "connect-distributed",
        ["ConnectStandalone"] = "connect-standalone",
        ["ConnectPluginPath"] = "connect-plugin-path",
        ["MirrorMaker"] = "kafka-mirror-maker",
        ["QuorumPeerMain"] = "zookeeper-server-start",
    };

    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var at = 0;
        while (at < arguments.Count && arguments[at] is ("-daemon" or "-loggc" or "-name"))
            at += arguments[at] == "-name" ? 2 : 1;
        if (at >= arguments.Count || arguments[at] == "--help")
            throw new UsageException("USAGE: kafka-run-class.sh [-daemon] [-name servicename] [-loggc] classname [opts]\n", 1, toStandardError: true);
        var name = arguments[at];
        if (!Tools.TryGetValue(name[(name.LastIndexOf('.') + 1)..], out var script))
            throw new VerbException($"Could not find or load main class {name}: no verb of Barnabas stands for it");
        return VerbRunner.RunAsync(context, [script, .. arguments.Skip(at + 1)]);
    }
}
