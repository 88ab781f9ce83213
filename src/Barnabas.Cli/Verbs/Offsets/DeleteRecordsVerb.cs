using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Offsets;

/// <summary>kafka-delete-records: deletes records up to given offsets.</summary>
internal sealed class DeleteRecordsVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Deletes the records of partitions up to given offsets.");
        var server = parser.Value("bootstrap-server", "String: server(s) to use for bootstrapping", "REQUIRED: The servers to connect to.");
        var file = parser.Value("offset-json-file", "String: Offset json file path", "REQUIRED: A file with {\"partitions\":[{\"topic\":\"foo\",\"partition\":1,\"offset\":1}],\"version\":1}; offset -1 means up to the high watermark.");
        var config = parser.Value("command-config", "String: command config property file path", "Properties of the admin client.");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        options.Require(server, file);
        var path = options.Required(file);
        var offsets = Parse(File.Exists(path) ? File.ReadAllText(path) : throw new VerbException($"Unable to read offset json file {path}"));
        await using var admin = Clients.Admin(options, server, config);
        context.Out.WriteLine("Executing records delete operation");
        var outcomes = await admin.DeleteRecordsAsync(offsets, cancellationToken: context.Stop);
        context.Out.WriteLine("Records delete operation completed:");
        foreach (var (partition, outcome) in outcomes.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
            context.Out.WriteLine(outcome.Error is { } error
                ? $"partition: {partition}\terror: {JavaErrors.Describe(error)}"
                : $"partition: {partition}\tlow_watermark: {outcome.Value}");
        return 0;
    }

    private static Dictionary<TopicPartition, long> Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.TryGetProperty("version", out var version) && version.GetInt32() != 1)
                throw new VerbException($"Not supported version field value {version.GetInt32()}");
            if (!root.TryGetProperty("partitions", out var partitions))
                throw new VerbException("Missing partitions field");
            var offsets = new Dictionary<TopicPartition, long>();
            foreach (var entry in partitions.EnumerateArray())
            {
                var partition = new TopicPartition(entry.GetProperty("topic").GetString()!, entry.GetProperty("partition").GetInt32());
                if (!offsets.TryAdd(partition, entry.GetProperty("offset").GetInt64()))
                    throw new VerbException($"Offset json file contains duplicate topic partitions: {partition}");
            }

            return offsets;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new VerbException("The input string is not a valid JSON: " + error.Message);
        }
    }
}
