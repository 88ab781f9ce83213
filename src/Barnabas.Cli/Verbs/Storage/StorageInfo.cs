using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Cli.Verbs.Storage;

/// <summary>kafka-storage info: what a node's log directories are formatted for.</summary>
internal static class StorageInfo
{
    /// <summary>All directories of a node, each once, by name.</summary>
    public static IReadOnlyList<string> Directories(BrokerConfig config) =>
        config.LogDirs.Append(config.MetadataLogDir).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

    public static int Print(TextWriter output, BrokerConfig config)
    {
        var problems = new List<string>();
        var found = new List<string>();
        Dictionary<string, string>? first = null;
        foreach (var directory in Directories(config))
        {
            if (!Directory.Exists(directory))
            {
                problems.Add(File.Exists(directory) ? $"{directory} is not a directory" : $"{directory} does not exist");
                continue;
            }

            found.Add(directory);
            var file = Path.Combine(directory, "meta.properties");
            if (!File.Exists(file))
                problems.Add($"{directory} is not formatted.");
            else
                Compare(PropertiesFile.Load(file), ref first, problems);
        }

        if (first is not null && first.GetValueOrDefault("version") == "0")
            problems.Add("The kafka configuration file appears to be for a cluster in KRaft mode, but the directories are formatted for legacy mode.");
        List(output, found, "Found log directory:", "Found log directories:");
        if (first is not null)
        {
            output.WriteLine($"Found metadata: {{{string.Join(", ", first.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}}}");
            output.WriteLine();
        }

        List(output, problems, "Found problem:", "Found problems:");
        return problems.Count == 0 ? 0 : 1;
    }

    private static void Compare(Dictionary<string, string> current, ref Dictionary<string, string>? first, List<string> problems)
    {
        if (first is null)
            first = current;
        else if (first.GetValueOrDefault("cluster.id") != current.GetValueOrDefault("cluster.id"))
            problems.Add("Mismatched cluster IDs between storage directories.");
        else if (first.GetValueOrDefault("node.id") != current.GetValueOrDefault("node.id"))
            problems.Add("Mismatched node IDs between storage directories.");
    }

    private static void List(TextWriter output, List<string> lines, string one, string several)
    {
        if (lines.Count == 0)
            return;
        output.WriteLine(lines.Count == 1 ? one : several);
        foreach (var line in lines)
            output.WriteLine($"  {line}");
        output.WriteLine();
    }
}
