using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>kafka-consumer-groups --describe.</summary>
internal sealed class GroupDescriber(VerbContext context, AdminClient admin, ConsumerGroupsOptions all, OptionSet options)
{
    private const string None = "-";

    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.LongOf(all.Timeout));
    private readonly bool _verbose = options.Has(all.Verbose);

    public async Task RunAsync(IReadOnlyList<string> groupIds)
    {
        var described = await admin.DescribeConsumerGroupsAsync(groupIds, timeout: _timeout, cancellationToken: context.Stop);
        foreach (var group in described.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Value))
            if (options.Has(all.Members))
                PrintMembers(group);
            else if (options.Has(all.State))
                PrintState(group);
            else
                await PrintOffsetsAsync(group);
    }

    private bool TellState(GroupDescription group)
    {
        if (group.State == "Dead")
        {
            (context.Listing is null ? context.Out : context.Error).WriteLine($"\nError: Consumer group '{group.GroupId}' does not exist.");
            return false;
        }

        context.Out.Flush();
        if (group.State == "Empty")
            context.Error.WriteLine($"\nConsumer group '{group.GroupId}' has no active members.");
        else if (group.State is "PreparingRebalance" or "CompletingRebalance" or "Assigning" or "Reconciling")
            context.Error.WriteLine($"\nWarning: Consumer group '{group.GroupId}' is rebalancing.");
        return true;
    }

    private async Task PrintOffsetsAsync(GroupDescription group)
    {
        var committed = (await admin.ListGroupOffsetsAsync(
            new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group.GroupId] = null }, timeout: _timeout, cancellationToken: context.Stop))[group.GroupId].Value;
        var rows = new List<string[]>();
        var assigned = new HashSet<TopicPartition>();
        foreach (var member in group.Members.Where(member => member.Assignment.Count > 0).OrderByDescending(member => member.Assignment.Count))
        {
            assigned.UnionWith(member.Assignment);
            rows.AddRange(await RowsAsync(group.GroupId, member.Assignment, committed, member.MemberId, member.Host, member.ClientId));
        }

        rows.AddRange(await RowsAsync(group.GroupId, committed.Keys.Where(partition => !assigned.Contains(partition)).ToList(), committed, None, None, None));
        if (!TellState(group) || rows.Count == 0)
            return;
        string[] header = ["GROUP", "TOPIC", "PARTITION", "LEADER-EPOCH", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"];
        if (IsListed(header, rows))
            return;
        int[] widths = [Width(rows, 0), Width(rows, 1), 10, 15, 15, 15, 15, Width(rows, 7), Width(rows, 8), 0];
        context.Out.WriteLine();
        foreach (var row in rows.Prepend(header))
            context.Out.WriteLine(Columns.Line(Shown(widths), Shown(row)));
    }

    private bool IsListed(string[] header, List<string[]> rows)
    {
        if (context.Listing is { } listing)
            rows.ForEach(row => listing.Add(header, row));
        return context.Listing is not null;
    }

    private T[] Shown<T>(T[] cells) => _verbose ? cells : [.. cells.Take(3), .. cells.Skip(4)];

    private async Task<List<string[]>> RowsAsync(
        string group, IReadOnlyList<TopicPartition> partitions, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata?> committed, string member, string host, string client)
    {
        if (partitions.Count == 0)
            return [];
        var sorted = partitions.OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition).ToList();
        var ends = await admin.ListOffsetsAsync(sorted.ToDictionary(partition => partition, _ => OffsetSpec.Latest), timeout: _timeout, cancellationToken: context.Stop);
        return sorted.Select(partition =>
        {
            var offset = committed.GetValueOrDefault(partition);
            long? end = ends[partition].Error is null ? ends[partition].Value.Offset : null;
            return (string[])
            [
                group, partition.Topic, Text(partition.Partition), Text(offset is { LeaderEpoch: >= 0 } ? offset.LeaderEpoch : null), Text(offset?.Offset), Text(end),
                Text(offset is { Offset: >= 0 } && end is { } last ? last - offset.Offset : null), member, host, client,
            ];
        }).ToList();
    }

    private void PrintMembers(GroupDescription group)
    {
        if (!TellState(group))
            return;
        var withInstance = group.Members.Any(member => !string.IsNullOrEmpty(member.GroupInstanceId));
        var rows = group.Members.Select(member => (string[])
        [
            group.GroupId, member.MemberId, member.GroupInstanceId ?? "", member.Host, member.ClientId, Text(member.Assignment.Count),
            Text(member.MemberEpoch), Assignment(member.Assignment), Text(group.TargetAssignmentEpoch), Assignment(member.TargetAssignment),
        ]).ToList();
        string[] header = ["GROUP", "CONSUMER-ID", "GROUP-INSTANCE-ID", "HOST", "CLIENT-ID", "#PARTITIONS", "CURRENT-EPOCH", "CURRENT-ASSIGNMENT", "TARGET-EPOCH", "TARGET-ASSIGNMENT"];
        if (IsListed(header, rows))
            return;
        int[] widths = [Width(rows, 0), Width(rows, 1), Width(rows, 2, 17), Width(rows, 3), Width(rows, 4), 15, 15, Width(rows, 7, 20), 15, Width(rows, 9, 20)];
        context.Out.WriteLine();
        foreach (var row in rows.Prepend(header))
            context.Out.WriteLine(Columns.Line(Select(widths, withInstance), Select(row, withInstance)) + (_verbose ? "" : " "));
    }

    private T[] Select<T>(T[] cells, bool withInstance) => [.. cells.Where((_, at) => (withInstance || at != 2) && (_verbose || at < 6))];

    private void PrintState(GroupDescription group)
    {
        if (!TellState(group))
            return;
        var coordinator = $"{group.Coordinator.Host}:{group.Coordinator.Port}  ({group.Coordinator.Id})";
        var assignor = group.Assignor.Length == 0 ? None : group.Assignor;
        string[] header = ["GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH", "#MEMBERS"];
        string[] row = [group.GroupId, coordinator, assignor, group.State, Text(group.GroupEpoch), Text(group.TargetAssignmentEpoch), Text(group.Members.Count)];
        if (IsListed(header, [row]))
            return;
        int[] widths = [Math.Max(15, group.GroupId.Length), Math.Max(25, coordinator.Length), Math.Max(20, assignor.Length), 20, 15, 25, 0];
        context.Out.WriteLine();
        foreach (var line in (string[][])[header, row])
            context.Out.WriteLine(_verbose ? Columns.Line(widths, line) : Columns.Line([.. widths.Take(4), 0], [.. line.Take(4), line[6]]));
    }

    private static string Assignment(IReadOnlyList<TopicPartition>? partitions) => partitions is null or { Count: 0 }
        ? None
        : string.Join(';', partitions.GroupBy(partition => partition.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal)
            .Select(topic => $"{topic.Key}:{string.Join(',', topic.Select(partition => partition.Partition).Order())}"));

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? None;

    private static int Width(List<string[]> rows, int column, int minimum = 15) => rows.Select(row => row[column].Length).Append(minimum).Max();
}
