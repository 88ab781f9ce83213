using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.Topics;

/// <summary>The options of kafka-topics.</summary>
internal sealed class TopicsOptions
{
    private const string ConfigsHint = " (To alter topic configurations, the kafka-configs tool can be used.)";

    public TopicsOptions()
    {
        var parser = Parser;
        BootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The Kafka server to connect to.");
        CommandConfig = parser.Value("command-config", "String: command config property file", "Properties of the admin client.");
        List = parser.Flag("list", "List all topics.");
        Create = parser.Flag("create", "Create a topic.");
        Delete = parser.Flag("delete", "Delete a topic.");
        Alter = parser.Flag("alter", "Give a topic more partitions." + ConfigsHint);
        Describe = parser.Flag("describe", "Show topics in detail.");
        Topic = parser.Value("topic", "String: topic", "The topic; a regular expression too, except with --create.");
        TopicId = parser.Value("topic-id", "String: topic-id", "The id of the topic to describe.");
        Config = parser.Value("config", "String: name=value", "A configuration of the topic that is created; may be given again." + ConfigsHint);
        DeleteConfig = parser.Value("delete-config", "String: name", "No longer supported.");
        Partitions = parser.Value("partitions", "Integer: # of partitions", "Partitions of the topic; with --create the cluster's default where it is not given.");
        ReplicationFactor = parser.Value("replication-factor", "Integer: replication factor", "Replicas of each partition; the cluster's default where it is not given.");
        ReplicaAssignment = parser.Value("replica-assignment", "String: broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , broker_id_for_part2_replica1 : ...", "The brokers of each partition.");
        UnderReplicated = parser.Flag("under-replicated-partitions", "Describe partitions with replicas out of sync only.");
        Unavailable = parser.Flag("unavailable-partitions", "Describe partitions without a leader that is alive only.");
        UnderMinIsr = parser.Flag("under-min-isr-partitions", "Describe partitions with fewer in-sync replicas than the minimum only.");
        AtMinIsr = parser.Flag("at-min-isr-partitions", "Describe partitions with just the minimum of in-sync replicas only.");
        WithOverrides = parser.Flag("topics-with-overrides", "Describe topics with configurations of their own only.");
        IfExists = parser.Flag("if-exists", "Do nothing where the topic does not exist.");
        IfNotExists = parser.Flag("if-not-exists", "Do nothing where the topic exists.");
        ExcludeInternal = parser.Flag("exclude-internal", "Leave out internal topics.");
        PartitionLimit = parser.Value("partition-size-limit-per-response", "Integer: maximum number of partitions per response", "Most partitions in one response.");
    }

    public OptionParser Parser { get; } = new("Creates, deletes, describes and changes topics.");

    public OptionSpec BootstrapServer { get; }

    public OptionSpec CommandConfig { get; }

    public OptionSpec List { get; }

    public OptionSpec Create { get; }

    public OptionSpec Delete { get; }

    public OptionSpec Alter { get; }

    public OptionSpec Describe { get; }

    public OptionSpec Topic { get; }

    public OptionSpec TopicId { get; }

    public OptionSpec Config { get; }

    public OptionSpec DeleteConfig { get; }

    public OptionSpec Partitions { get; }

    public OptionSpec ReplicationFactor { get; }

    public OptionSpec ReplicaAssignment { get; }

    public OptionSpec UnderReplicated { get; }

    public OptionSpec Unavailable { get; }

    public OptionSpec UnderMinIsr { get; }

    public OptionSpec AtMinIsr { get; }

    public OptionSpec WithOverrides { get; }

    public OptionSpec IfExists { get; }

    public OptionSpec IfNotExists { get; }

    public OptionSpec ExcludeInternal { get; }

    public OptionSpec PartitionLimit { get; }

    /// <summary>Fails where options are missing or do not go together.</summary>
    public void Check(OptionSet options, TextWriter output, TextWriter error)
    {
        OptionSpec[] actions = [Alter, Create, Describe, List, Delete];
        if (actions.Count(options.Has) != 1)
            throw new VerbException("Command must include exactly one action: --list, --describe, --create, --alter or --delete");
        if (options.Has(DeleteConfig))
            error.WriteLine("delete-config option is no longer supported and deprecated since version 4.0. The config will be fully removed in future releases.");
        if (!options.Has(BootstrapServer))
            throw new VerbException("--bootstrap-server must be specified");
        if (options.Has(Describe) && options.Has(IfExists))
        {
            if (!options.Has(Topic) && !options.Has(TopicId))
                throw new VerbException("--topic or --topic-id is required to describe a topic");
            if (options.Has(Topic) && options.Has(TopicId))
                output.WriteLine("Only topic id will be used when both --topic and --topic-id are specified and topicId is not Uuid.ZERO_UUID");
        }

        if (!options.Has(List) && !options.Has(Describe))
            options.Require(Topic);
        if (options.Has(Alter))
        {
            if (options.Has(Config))
                throw new VerbException($"Option combination \"{BootstrapServer},{Config}\" can't be used with option \"{Alter}\"{ConfigsHint}");
            options.Require(Partitions);
        }

        options.Forbid(Config, Except(actions, Alter, Create));
        options.Forbid(Partitions, Except(actions, Alter, Create));
        options.Forbid(ReplicationFactor, Except(actions, Create));
        options.Forbid(ReplicaAssignment, Except(actions, Alter, Create));
        if (options.Has(Create))
            options.Forbid(ReplicaAssignment, Partitions, ReplicationFactor);
        foreach (var report in (OptionSpec[])[UnderReplicated, UnderMinIsr, AtMinIsr, Unavailable])
            options.Forbid(report, [.. Except(actions, Describe), WithOverrides]);
        options.Forbid(IfExists, Except(actions, Alter, Delete, Describe));
        options.Forbid(IfNotExists, Except(actions, Create));
        options.Forbid(ExcludeInternal, Except(actions, List, Describe));
    }

    private static OptionSpec[] Except(OptionSpec[] all, params OptionSpec[] some) => all.Where(option => !some.Contains(option)).ToArray();
}
