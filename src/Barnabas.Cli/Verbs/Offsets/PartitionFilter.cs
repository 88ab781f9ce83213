using System.Globalization;
using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Offsets;

/// <summary>Which partitions kafka-get-offsets shows.</summary>
internal sealed partial class PartitionFilter
{
    private readonly List<(TopicFilter? Topic, Func<int, bool> Partition)> _rules = [];

    /// <summary>The filter of <c>--topic</c> and <c>--partitions</c>.</summary>
    public static PartitionFilter Of(string? topic, string? partitions)
    {
        var filter = new PartitionFilter();
        Func<int, bool> allows = _ => true;
        if (!string.IsNullOrEmpty(partitions))
        {
            var ids = partitions.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
                : throw new VerbException($"Error occurred: --partitions expects a comma separated list of numeric partition ids, but received: {partitions}")).ToHashSet();
            allows = ids.Contains;
        }

        filter._rules.Add((topic is null ? null : new TopicFilter(topic), allows));
        return filter;
    }

    /// <summary>The filter of <c>--topic-partitions</c>.</summary>
    public static PartitionFilter ParsePatterns(string text)
    {
        var filter = new PartitionFilter();
        foreach (var rule in text.Split(','))
        {
            var match = Rule().Match(rule);
            if (!match.Success)
                throw new VerbException($"Error occurred: Invalid rule specification: {rule}");
            var topic = match.Groups[1].Length == 0 ? null : new TopicFilter(match.Groups[1].Value);
            int? Number(int group) => match.Groups[group].Length == 0 ? null : int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
            var (single, from, to) = (Number(2), Number(3), Number(4));
            filter._rules.Add((topic, partition => single is not null ? partition == single : (from is null || partition >= from) && (to is null || partition < to)));
        }

        return filter;
    }

    public bool AllowsTopic(string topic) => _rules.Exists(rule => rule.Topic?.Allows(topic, excludeInternal: false) ?? true);

    public bool Allows(TopicPartition partition) =>
        _rules.Exists(rule => (rule.Topic?.Allows(partition.Topic, excludeInternal: false) ?? true) && rule.Partition(partition.Partition));

    [GeneratedRegex("^([^:,]*)(?::(?:([0-9]+)|(?:([0-9]*)-([0-9]*)))?)?$")]
    private static partial Regex Rule();
}
