using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>
/// kafka-leader-election, and kafka-preferred-replica-election of old, which elects the preferred replicas of all partitions or of those in a file.
/// </summary>
internal sealed class LeaderElectionVerb(bool preferredOnly) : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("This tool attempts to elect a new leader for a set of topic partitions. The type of elections supported are preferred replicas and unclean replicas.");
        var server = parser.Value("bootstrap-server", "host:port", "REQUIRED: The servers to connect to.");
        var config = parser.Value("command-config", "config file", "Properties of the admin client.");
        var oldConfig = parser.Value("admin.config", "config file", "(DEPRECATED) The former name of --command-config.");
        var file = parser.Value("path-to-json-file", "Path to JSON file", "A file of partitions: {\"partitions\":[{\"topic\":\"foo\",\"partition\":1}]}.");
        var topic = parser.Value("topic", "topic name", "The topic of one partition.");
        var partition = parser.Value("partition", "Integer: partition id", "The partition of the topic.");
        var all = parser.Flag("all-topic-partitions", "Elect for every partition that needs it.");
        var type = parser.Value("election-type", "election type", "REQUIRED: preferred, or unclean where no replica in sync is left.");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        var missing = new[] { server, preferredOnly ? null : type }.Where(option => option is not null && !options.Has(option)).ToList();
        if (missing.Count > 0)
            throw new VerbException($"Missing required option(s): {string.Join(", ", missing.Select(option => option!.Names[0]))}");
        options.Forbid(config, oldConfig);
        var isUnclean = !preferredOnly && TypeOf(options, type);
        var chosen = new[] { options.Has(topic), options.Has(all), options.Has(file) }.Count(given => given);
        if (chosen > 1)
            throw new VerbException("One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file");
        if (chosen == 0 && !preferredOnly)
            throw new VerbException("One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file");
        if (options.Has(topic) != options.Has(partition))
            throw new VerbException(options.Has(topic) ? "Missing required option(s): partition" : "Option partition is only allowed if topic is used");
        IReadOnlyCollection<TopicPartition>? wanted = options.Has(file) ? PartitionFile.Read(options.Required(file))
            : options.Has(topic) ? [new TopicPartition(options.Required(topic), options.IntOf(partition))]
            : null;
        await using var admin = Clients.Admin(options, server, options.Has(oldConfig) ? oldConfig : config);
        var outcomes = await admin.ElectLeadersAsync(isUnclean ? ElectionType.Unclean : ElectionType.Preferred, wanted, cancellationToken: context.Stop);
        return Report(context, outcomes, isUnclean ? "UNCLEAN" : "PREFERRED");
    }

    private static bool TypeOf(OptionSet options, OptionSpec type)
    {
        return options.Required(type).ToLowerInvariant() switch
        {
            "preferred" => false,
            "unclean" => true,
            var other => throw new VerbException($"Cannot parse argument '{other}' of option election-type: it is preferred or unclean"),
        };
    }

    private static int Report(VerbContext context, IReadOnlyDictionary<TopicPartition, Outcome<Done>> outcomes, string type)
    {
        var done = outcomes.Where(o => o.Value.Error is null).Select(o => o.Key).ToList();
        var unneeded = outcomes.Where(o => o.Value.Error is KafkaException { ErrorCode: ErrorCode.ElectionNotNeeded }).Select(o => o.Key).ToList();
        var failed = outcomes.Where(o => o.Value.Error is not null and not KafkaException { ErrorCode: ErrorCode.ElectionNotNeeded }).ToList();
        if (done.Count > 0)
            context.Out.WriteLine($"Successfully completed leader election ({type}) for partitions {string.Join(", ", done)}");
        if (unneeded.Count > 0)
            context.Out.WriteLine($"Valid replica already elected for partitions {string.Join(", ", unneeded)}");
        foreach (var (partition, outcome) in failed)
            context.Out.WriteLine($"Error completing leader election ({type}) for partition: {partition}: {JavaErrors.Describe(outcome.Error!)}");
        if (failed.Count > 0)
            throw new VerbException(string.Create(CultureInfo.InvariantCulture, $"{failed.Count} replica(s) could not be elected"));
        return 0;
    }
}
