using System.Globalization;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.Topics;

/// <summary>Brokers of partitions as <c>1:2,2:3</c>: commas divide partitions, colons their brokers.</summary>
internal static class ReplicaAssignments
{
    /// <exception cref="VerbException">The text is malformed.</exception>
    public static Dictionary<int, IReadOnlyList<int>>? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var result = new Dictionary<int, IReadOnlyList<int>>();
        foreach (var partition in text.Split(','))
        {
            var brokers = partition.Split(':', StringSplitOptions.TrimEntries).Select(ParseBroker).ToList();
            var twice = brokers.GroupBy(broker => broker).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
            if (twice.Count > 0)
                throw new VerbException($"Partition replica lists may not contain duplicate entries: {string.Join(',', twice)}");
            if (result.Count > 0 && brokers.Count != result[0].Count)
                throw new VerbException($"Partition {result.Count} has different replication factor: [{string.Join(", ", brokers)}]");
            result[result.Count] = brokers;
        }

        return result;
    }

    private static int ParseBroker(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new VerbException($"For input string: \"{text}\"");
}
