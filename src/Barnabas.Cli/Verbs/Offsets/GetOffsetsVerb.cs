using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Offsets;

/// <summary>kafka-get-offsets: offsets of partitions, one a line as topic:partition:offset.</summary>
internal sealed class GetOffsetsVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Shows offsets of partitions.");
        var server = parser.Value("bootstrap-server", "String: HOST1:PORT1,...,HOST3:PORT3", "REQUIRED. The servers to connect to.");
        var oldServer = parser.Value("broker-list", "String: HOST1:PORT1,...,HOST3:PORT3", "The older name of --bootstrap-server.");
        var topicPartitions = parser.Value("topic-partitions", "String: topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3", "Patterns of topics and partitions, divided by commas: a number, a range without its end, or nothing for all.");
        var topic = parser.Value("topic", "String: topic", "The topic, or a regular expression; all topics where it is not given.");
        var partitions = parser.Value("partitions", "String: partition ids", "The partitions, divided by commas; all where it is not given.");
        var time = parser.Value("time", "String: <timestamp> / -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload", "Which offset: of the first record at a timestamp or after, or a special one.", "latest");
        var config = parser.Value("command-config", "String: config file", "Properties of the admin client.");
        var excludeInternal = parser.Flag("exclude-internal-topics", "Leave out internal topics.");
        if (Parse(parser, context, arguments, server, oldServer) is not { } options)
            return 0;
        if (!options.Has(oldServer))
            options.Require(server);
        if (options.Has(topicPartitions) && (options.Has(topic) || options.Has(partitions)))
            throw new VerbException("Error occurred: --topic-partitions cannot be used with --topic or --partitions");
        var spec = ParseTime(options.Required(time));
        var filter = options.Has(topicPartitions)
            ? PartitionFilter.ParsePatterns(options.Required(topicPartitions))
            : PartitionFilter.Of(options.ValueOf(topic), options.ValueOf(partitions));
        await using var admin = Clients.Admin(options.ValueOf(server) ?? options.ValueOf(oldServer), options.ValueOf(config));
        try
        {
            await PrintAsync(context, admin, filter, spec, options.Has(excludeInternal));
            return 0;
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            throw new VerbException($"Error occurred: {error.Message}");
        }
    }

    private static OptionSet? Parse(OptionParser parser, VerbContext context, IReadOnlyList<string> arguments, OptionSpec server, OptionSpec oldServer)
    {
        try
        {
            return parser.ParseOrPrint(context, arguments, [server, oldServer]);
        }
        catch (OptionException error)
        {
            throw new VerbException($"Error occurred: {error.Message}");
        }
    }

    private static async Task PrintAsync(VerbContext context, AdminClient admin, PartitionFilter filter, OffsetSpec spec, bool excludeInternal)
    {
        var topics = (await admin.ListTopicsAsync(includeInternal: !excludeInternal, cancellationToken: context.Stop)).Select(topic => topic.Name).Where(filter.AllowsTopic).ToList();
        var found = new List<TopicPartition>();
        if (topics.Count > 0)
            foreach (var (topic, described) in await admin.DescribeTopicsAsync(topics, cancellationToken: context.Stop))
                foreach (var partition in described.Value.Partitions)
                    if (filter.Allows(new TopicPartition(topic, partition.Partition)))
                    {
                        if (partition.Leader is null)
                            context.Error.WriteLine($"Error: topic-partition {topic}:{partition.Partition} does not have a leader. Skip getting offsets");
                        else
                            found.Add(new TopicPartition(topic, partition.Partition));
                    }

        if (found.Count == 0)
            throw new VerbException("Error occurred: Could not match any topic-partitions with the specified filters");
        var offsets = await admin.ListOffsetsAsync(found.ToDictionary(partition => partition, _ => spec), cancellationToken: context.Stop);
        foreach (var (partition, outcome) in offsets.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
            if (outcome.Error is { } error)
                context.Error.WriteLine($"Skip getting offsets for topic-partition {partition.Topic}:{partition.Partition} due to error: {error.Message}");
            else if (context.Listing is { } listing)
                listing.Add(["TOPIC", "PARTITION", "OFFSET"], [partition.Topic, $"{partition.Partition}", outcome.Value.Offset < 0 ? "-" : outcome.Value.Offset.ToString(CultureInfo.InvariantCulture)]);
            else
                context.Out.WriteLine($"{partition.Topic}:{partition.Partition}:{(outcome.Value.Offset < 0 ? "" : outcome.Value.Offset.ToString(CultureInfo.InvariantCulture))}");
    }

    private static OffsetSpec ParseTime(string text) => text switch
    {
        "latest" or "-1" => OffsetSpec.Latest,
        "earliest" or "-2" => OffsetSpec.Earliest,
        "max-timestamp" or "-3" => OffsetSpec.MaxTimestamp,
        "earliest-local" or "-4" => OffsetSpec.EarliestLocal,
        "latest-tiered" or "-5" => OffsetSpec.LatestTiered,
        "earliest-pending-upload" or "-6" => OffsetSpec.EarliestPendingUpload,
        _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestamp)
            ? OffsetSpec.ForTimestamp(timestamp)
            : throw new VerbException($"Error occurred: Malformed time argument {text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp"),
    };
}
