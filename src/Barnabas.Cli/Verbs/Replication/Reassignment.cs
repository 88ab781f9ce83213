using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>Where a partition's replicas are to be: brokers, and for each of them a log directory or "any".</summary>
internal sealed record Reassignment(TopicPartition Partition, IReadOnlyList<int> Replicas, IReadOnlyList<string> LogDirs)
{
    public const string AnyDirectory = "any";

    /// <summary>Reads <c>--reassignment-json-file</c>.</summary>
    /// <exception cref="VerbException">The file is absent or malformed, with Kafka's words where it has any.</exception>
    public static List<Reassignment> Read(string path)
    {
        using var document = PartitionFile.Open(path);
        try
        {
            var root = document.RootElement;
            if (root.TryGetProperty("version", out var version) && version.GetInt32() != 1)
                throw new VerbException($"Not supported version field value {version.GetInt32()}");
            var list = root.GetProperty("partitions").EnumerateArray().Select(Parse).ToList();
            if (list.Count == 0)
                throw new VerbException("Partition reassignment list cannot be empty");
            var twice = list.GroupBy(r => r.Partition).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
            if (twice.Count > 0)
                throw new VerbException($"Partition reassignment contains duplicate topic partitions: {string.Join(",", twice)}");
            if (list.Find(r => r.Replicas.Count == 0) is { } empty)
                throw new VerbException($"Partition replica list cannot be empty for {empty.Partition}");
            if (list.Find(r => r.Replicas.Distinct().Count() != r.Replicas.Count) is { } doubled)
                throw new VerbException($"Partition replica lists may not contain duplicate entries: {doubled.Partition} contains multiple entries for {string.Join(",", doubled.Replicas.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => g.Key))}");
            return list;
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new VerbException($"{path} holds no partition reassignment: {error.Message}");
        }
    }

    /// <summary>The text that Read reads.</summary>
    public static string Write(IEnumerable<Reassignment> reassignments) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteStartArray("partitions");
        foreach (var (partition, replicas, logDirs) in reassignments.OrderBy(r => r.Partition.Topic, StringComparer.Ordinal).ThenBy(r => r.Partition.Partition))
        {
            json.WriteStartObject();
            json.WriteString("topic", partition.Topic);
            json.WriteNumber("partition", partition.Partition);
            json.WriteStartArray("replicas");
            foreach (var replica in replicas)
                json.WriteNumberValue(replica);
            json.WriteEndArray();
            json.WriteStartArray("log_dirs");
            foreach (var directory in logDirs)
                json.WriteStringValue(directory);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Reassignment Parse(JsonElement entry)
    {
        var partition = new TopicPartition(entry.GetProperty("topic").GetString()!, entry.GetProperty("partition").GetInt32());
        var replicas = entry.GetProperty("replicas").EnumerateArray().Select(r => r.GetInt32()).ToList();
        var logDirs = entry.TryGetProperty("log_dirs", out var dirs) ? dirs.EnumerateArray().Select(d => d.GetString()!).ToList() : [.. replicas.Select(_ => AnyDirectory)];
        return logDirs.Count == replicas.Count
            ? new Reassignment(partition, replicas, logDirs)
            : throw new VerbException($"Size of replicas list [{string.Join(", ", replicas)}] is different from size of log dirs list [{string.Join(", ", logDirs)}] for partition {partition}");
    }
}
