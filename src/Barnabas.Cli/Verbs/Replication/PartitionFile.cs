using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>The JSON files that name partitions: <c>{"partitions":[{"topic":"foo","partition":1}]}</c>.</summary>
internal static class PartitionFile
{
    /// <exception cref="VerbException">The file is absent, malformed or names a partition twice.</exception>
    public static List<TopicPartition> Read(string path)
    {
        using var document = Open(path);
        try
        {
            if (!document.RootElement.TryGetProperty("partitions", out var listed))
                throw new VerbException("Replica election data is missing \"partitions\" field");
            var partitions = listed.EnumerateArray().Select(e => new TopicPartition(e.GetProperty("topic").GetString()!, e.GetProperty("partition").GetInt32())).ToList();
            var twice = partitions.GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
            return twice.Count == 0 ? partitions : throw new VerbException($"Replica election data contains duplicate partitions: [{string.Join(", ", twice)}]");
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new VerbException($"{path} does not name partitions as it should: {error.Message}");
        }
    }

    /// <exception cref="VerbException">The file is absent or no JSON.</exception>
    public static JsonDocument Open(string path)
    {
        try
        {
            return JsonDocument.Parse(File.Exists(path) ? File.ReadAllText(path) : throw new VerbException($"{path} (No such file or directory)"));
        }
        catch (JsonException error)
        {
            throw new VerbException($"{path} is not valid JSON: {error.Message}");
        }
    }
}
