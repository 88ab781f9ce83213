using System.Globalization;
using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Cluster;

/// <summary>kafka-log-dirs: what the log directories of brokers hold, as JSON.</summary>
internal sealed class LogDirsVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Shows what the log directories of brokers hold.");
        var server = parser.Value("bootstrap-server", "String: The server(s) to use for bootstrapping", "The servers to connect to.");
        var config = parser.Value("command-config", "String: Admin client property file", "Properties of the admin client.");
        var describe = parser.Flag("describe", "Show the log directories.");
        var topics = parser.Value("topic-list", "String: Topic list", "The topics to show, divided by commas; all where it is not given.", "");
        var brokers = parser.Value("broker-list", "String: Broker list", "The brokers to ask, divided by commas; all where it is not given.");
        var bare = parser.Flag("json", "Print the JSON and nothing besides. Not an option of Apache Kafka.");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        options.Require(server, describe);
        await using var admin = Clients.Admin(options, server, config);
        var existing = (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).Nodes.Select(node => node.Id).ToHashSet();
        var asked = options.HasArgument(brokers) && options.Required(brokers).Length > 0 ? options.Required(brokers).Split(',').Select(ParseId).Distinct().ToList() : existing.Order().ToList();
        var missing = asked.Where(id => !existing.Contains(id)).ToList();
        if (missing.Count > 0)
            throw new VerbException($"ERROR: The given brokers do not exist from --broker-list: {string.Join(',', missing)}. Current existent brokers: {string.Join(',', existing.Order())}");
        if (!options.Has(bare))
            context.Out.WriteLine("Querying brokers for log directories information");
        await context.Out.FlushAsync();
        var directories = await admin.DescribeLogDirsAsync(asked, cancellationToken: context.Stop);
        if (!options.Has(bare))
            context.Out.WriteLine($"Received log directory information from brokers {string.Join(',', asked)}");
        var wanted = options.Required(topics).Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        context.Out.WriteLine(JsonText.Of(json => Write(json, directories, wanted)));
        return 0;
    }

    private static int ParseId(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new VerbException($"For input string: \"{text}\"");

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<int, Outcome<IReadOnlyDictionary<string, LogDirectory>>> brokers, HashSet<string> topics)
    {
        json.WriteStartObject();
        json.WriteStartArray("brokers");
        foreach (var (broker, outcome) in brokers.OrderBy(pair => pair.Key))
        {
            json.WriteStartObject();
            json.WriteNumber("broker", broker);
            json.WriteStartArray("logDirs");
            foreach (var (path, directory) in outcome.Value)
                WriteDirectory(json, path, directory, topics);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("version", 1);
        json.WriteEndObject();
    }

    private static void WriteDirectory(Utf8JsonWriter json, string path, LogDirectory directory, HashSet<string> topics)
    {
        json.WriteStartObject();
        json.WriteStartArray("partitions");
        foreach (var (partition, replica) in directory.Replicas.Where(pair => topics.Count == 0 || topics.Contains(pair.Key.Topic))
                     .OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
        {
            json.WriteStartObject();
            json.WriteString("partition", partition.ToString());
            json.WriteNumber("size", replica.SizeInBytes);
            json.WriteNumber("offsetLag", replica.OffsetLag);
            json.WriteBoolean("isFuture", replica.IsFuture);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("error", directory.Error is null ? null : JavaErrors.Describe(directory.Error));
        json.WriteString("logDir", path);
        json.WriteEndObject();
    }
}
