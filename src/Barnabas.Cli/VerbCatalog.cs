using System.Diagnostics.CodeAnalysis;
using System.Text;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs;
using Barnabas.Cli.Verbs.Acls;
using Barnabas.Cli.Verbs.Cluster;
using Barnabas.Cli.Verbs.Completion;
using Barnabas.Cli.Verbs.Configs;
using Barnabas.Cli.Verbs.Connect;
using Barnabas.Cli.Verbs.ConsoleConsumer;
using Barnabas.Cli.Verbs.ConsoleProducer;
using Barnabas.Cli.Verbs.ConsoleShareConsumer;
using Barnabas.Cli.Verbs.ConsumerGroups;
using Barnabas.Cli.Verbs.DumpLog;
using Barnabas.Cli.Verbs.Features;
using Barnabas.Cli.Verbs.Fms;
using Barnabas.Cli.Verbs.Groups;
using Barnabas.Cli.Verbs.MetadataShell;
using Barnabas.Cli.Verbs.Offsets;
using Barnabas.Cli.Verbs.Performance;
using Barnabas.Cli.Verbs.Quorum;
using Barnabas.Cli.Verbs.ShareGroups;
using Barnabas.Cli.Verbs.Replication;
using Barnabas.Cli.Verbs.Storage;
using Barnabas.Cli.Verbs.StreamsGroups;
using Barnabas.Cli.Verbs.StreamsReset;
using Barnabas.Cli.Verbs.Telemetry;
using Barnabas.Cli.Verbs.Topics;
using Barnabas.Cli.Verbs.Transactions;
using Barnabas.Cli.Verbs.Verifiable;

namespace Barnabas.Cli;

/// <summary>Every verb there is.</summary>
internal static class VerbCatalog
{
    /// <summary>The verbs, in the order that help lists them.</summary>
    public static IReadOnlyList<VerbEntry> Entries { get; } =
    [
        new("start", null, "runs a node on this machine without any configuration", () => new StartVerb()),
        new("server-start", "kafka-server-start", "runs a node by its configuration file", () => new ServerStartVerb()),
        new("topics", "kafka-topics", "creates, lists, describes, alters and deletes topics", () => new TopicsVerb(), "topic"),
        new("console-consumer", "kafka-console-consumer", "prints the records of topics", () => new ConsoleConsumerVerb(), ""),
        new("console-share-consumer", "kafka-console-share-consumer", "prints the records that a share group gives out", () => new ConsoleShareConsumerVerb(), ""),
        new("console-producer", "kafka-console-producer", "sends each line of the standard input as a record", () => new ConsoleProducerVerb(), ""),
        new("consumer-groups", "kafka-consumer-groups", "lists, describes and deletes consumer groups, and sets their offsets", () => new ConsumerGroupsVerb(), "group"),
        new("configs", "kafka-configs", "shows and changes configurations", () => new ConfigsVerb(), ""),
        new("acls", "kafka-acls", "adds, removes and lists access control entries", () => new AclsVerb(), "topic"),
        new("delegation-tokens", "kafka-delegation-tokens", "makes, renews, ends and shows delegation tokens", () => new DelegationTokensVerb()),
        new("get-offsets", "kafka-get-offsets", "shows offsets of partitions", () => new GetOffsetsVerb(), ""),
        new("delete-records", "kafka-delete-records", "deletes records up to given offsets", () => new DeleteRecordsVerb(), ""),
        new("groups", "kafka-groups", "lists groups of all types", () => new GroupsVerb(), ""),
        new("share-groups", "kafka-share-groups", "lists, describes and deletes share groups, and sets their offsets", () => new ShareGroupsVerb(), ""),
        new("streams-groups", "kafka-streams-groups", "lists, describes and deletes streams groups, and sets their offsets", () => new StreamsGroupsVerb(), ""),
        new("log-dirs", "kafka-log-dirs", "shows what log directories hold", () => new LogDirsVerb(), ""),
        new("producer-perf-test", "kafka-producer-perf-test", "measures how fast records are written", () => new ProducerPerformanceVerb()),
        new("consumer-perf-test", "kafka-consumer-perf-test", "measures how fast records are read", () => new ConsumerPerformanceVerb(), ""),
        new("share-consumer-perf-test", "kafka-share-consumer-perf-test", "measures how fast members of a share group read records", () => new ShareConsumerPerformanceVerb(), ""),
        new("e2e-latency", "kafka-e2e-latency", "measures how long records take from producer to consumer", () => new EndToEndLatencyVerb()),
        new("verifiable-producer", "kafka-verifiable-producer", "writes numbers and tells as JSON which were acknowledged", () => new VerifiableProducerVerb(), ""),
        new("verifiable-consumer", "kafka-verifiable-consumer", "reads records and tells as JSON what it read and committed", () => new VerifiableConsumerVerb(), ""),
        new("verifiable-share-consumer", "kafka-verifiable-share-consumer", "reads records of a share group and tells as JSON what it read and acknowledged", () => new VerifiableShareConsumerVerb(), ""),
        new("dump-log", "kafka-dump-log", "shows what log, index and snapshot files hold", () => new DumpLogVerb()),
        new("cluster", "kafka-cluster", "tells the cluster's id and endpoints; takes out brokers that are gone", () => new ClusterVerb()),
        new("broker-api-versions", "kafka-broker-api-versions", "shows which APIs the brokers serve", () => new BrokerApiVersionsVerb()),
        new("features", "kafka-features", "shows and changes the levels of features", () => new FeaturesVerb()),
        new("transactions", "kafka-transactions", "shows transactions, finds and ends those that hang", () => new TransactionsVerb()),
        new("metadata-quorum", "kafka-metadata-quorum", "shows the metadata quorum", () => new MetadataQuorumVerb()),
        new("metadata-shell", "kafka-metadata-shell", "looks into snapshots and the log of the cluster's metadata", () => new MetadataShellVerb()),
        new("storage", "kafka-storage", "formats log directories and looks into them", () => new StorageVerb()),
        new("server-stop", "kafka-server-stop", "stops the nodes that this distribution runs", () => new ServerStopVerb()),
        new("zookeeper-server-start", "zookeeper-server-start", "says that no ZooKeeper is needed", () => new ZooKeeperVerb(isStart: true)),
        new("zookeeper-server-stop", "zookeeper-server-stop", "says that no ZooKeeper runs", () => new ZooKeeperVerb(isStart: false)),
        new("connect-standalone", "connect-standalone", "runs connectors in one process, by their files", () => new ConnectStandaloneVerb()),
        new("connect-distributed", "connect-distributed", "runs a worker whose connectors live in Kafka, set by its REST API", () => new ConnectDistributedVerb()),
        new("client-metrics", "kafka-client-metrics", "shows and changes which clients push which metrics", () => new ClientMetricsVerb()),
        new("jmx", "kafka-jmx", "prints the metrics of a node again and again", () => new JmxVerb()),
        new("leader-election", "kafka-leader-election", "elects leaders of partitions", () => new LeaderElectionVerb(preferredOnly: false)),
        new("preferred-replica-election", "kafka-preferred-replica-election", "elects the preferred replicas", () => new LeaderElectionVerb(preferredOnly: true)),
        new("replica-verification", "kafka-replica-verification", "compares the replicas of partitions", () => new ReplicaVerificationVerb()),
        new("reassign-partitions", "kafka-reassign-partitions", "moves replicas between brokers and log directories", () => new ReassignPartitionsVerb()),
        new("streams-application-reset", "kafka-streams-application-reset", "takes a Streams application back to its beginning", () => new StreamsResetVerb()),
        new("demo", null, "runs a whole system by one command: fms, factory monitoring", () => new DemoVerb(), Commands: ["fms"]),
        new("fms", null, "runs the parts of factory monitoring, its failure drill and its figures", () => new FmsVerb(), Commands: FmsVerb.Names),
        new("completion", null, "prints completion for bash, zsh or fish", () => new CompletionVerb()),
        new("run-class", "kafka-run-class", "runs the verb that stands for a class of Apache Kafka", () => new RunClassVerb()),
        .. NotThereYet.Entries,
    ];

    /// <summary>Finds a verb by its name or by that of its launcher.</summary>
    public static bool TryFind(string name, [MaybeNullWhen(false)] out VerbEntry entry)
    {
        foreach (var candidate in Entries)
            if (candidate.Name == name || candidate.Script == name)
            {
                entry = candidate;
                return true;
            }

        entry = null;
        return false;
    }

    /// <summary>The text of <c>barnabas --help</c>.</summary>
    public static string Usage()
    {
        var text = new StringBuilder();
        text.AppendLine("usage: barnabas VERB [OPTION...]    VERB --help lists the options of a verb");
        text.AppendLine();
        var width = Entries.Max(entry => entry.Name.Length) + 4;
        foreach (var entry in Entries)
        {
            var lines = OptionHelp.Wrap(entry.Summary, 78 - width);
            for (var at = 0; at < lines.Count; at++)
                text.AppendLine("  " + (at == 0 ? entry.Name : "").PadRight(width) + lines[at].TrimStart());
        }

        return text.ToString();
    }
}
