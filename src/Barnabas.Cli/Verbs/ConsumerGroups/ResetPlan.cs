using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>Offsets in a CSV file: <c>topic,partition,offset</c>, with the group in front where there are several.</summary>
internal static class ResetPlan
{
    /// <exception cref="VerbException">The file is not there, or a line is malformed.</exception>
    public static Dictionary<string, Dictionary<TopicPartition, long>> Read(string path, string? onlyGroup)
    {
        if (!File.Exists(path))
            throw new VerbException($"{path} (No such file or directory)");
        var plan = new Dictionary<string, Dictionary<TopicPartition, long>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path).Where(line => line.Trim().Length > 0))
        {
            var cells = line.Split(',').Select(cell => cell.Trim().Trim('"')).ToList();
            if (cells.Count == 3 && onlyGroup is not null)
                cells.Insert(0, onlyGroup);
            if (cells.Count != 4
                || !int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                || !long.TryParse(cells[3], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
                throw new VerbException($"{path}: '{line}' is not {(onlyGroup is null ? "group," : "")}topic,partition,offset");
            if (!plan.TryGetValue(cells[0], out var offsets))
                plan[cells[0]] = offsets = [];
            offsets[new TopicPartition(cells[1], partition)] = offset;
        }

        return plan;
    }

    /// <summary>A cell, in quotes where it needs them.</summary>
    public static string Quote(string cell) => cell.AsSpan().IndexOfAny(',', '"', ' ') >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
