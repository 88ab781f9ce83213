using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ShareGroups;

/// <summary>kafka-share-groups --describe.</summary>
internal sealed class ShareGroupDescriber(VerbContext context, AdminClient admin, ShareGroupsOptions all, OptionSet options)
{
    private const string None = "-";

    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.LongOf(all.Timeout));
    private readonly bool _verbose = options.Has(all.Verbose);

    public async Task RunAsync(IReadOnlyList<string> groupIds)
    {
        var described = await admin.DescribeShareGroupsAsync(groupIds, timeout: _timeout, cancellationToken: context.Stop);
        foreach (var group in described.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Value))
        {
            if (options.Has(all.Members))
                PrintMembers(group);
            else if (options.Has(all.State))
                PrintState(group);
            else
                await PrintOffsetsAsync(group);
        }
    }

    private void TellEmpty(GroupDescription group)
    {
        if (group.State != "Empty")
            return;
        context.Out.Flush();
        context.Error.WriteLine($"\nShare group '{group.GroupId}' has no active members.");
    }

    private async Task PrintOffsetsAsync(GroupDescription group)
    {
        var offsets = (await admin.ListShareGroupOffsetsAsync(
            new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group.GroupId] = null }, _timeout, context.Stop))[group.GroupId].Value;
        if (offsets.Count == 0)
        {
            (context.Listing is null ? context.Out : context.Error).WriteLine($"\nShare group '{group.GroupId}' has no offset information.");
            return;
        }

        var rows = offsets.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition).Select(pair => (string[])
        [
            group.GroupId, pair.Key.Topic, Text(pair.Key.Partition), Text(pair.Value.LeaderEpoch), Text(pair.Value.StartOffset), pair.Value.Lag is { } lag ? Text(lag) : None,
        ]);
        int[] widths = [Width(group.GroupId, 15), offsets.Keys.Select(partition => partition.Topic.Length).Append(15).Max(), 10, 13, 13, 0];
        Print(widths, ["GROUP", "TOPIC", "PARTITION", "LEADER-EPOCH", "START-OFFSET", "LAG"], rows, leftOut: 3);
    }

    private void PrintMembers(GroupDescription group)
    {
        TellEmpty(group);
        if (group.Members.Count == 0)
            return;
        var rows = group.Members.OrderBy(member => member.MemberId, StringComparer.Ordinal).Select(member => (string[])
        [
            group.GroupId, member.MemberId, member.Host, member.ClientId, Text(member.Assignment.Count), Text(member.MemberEpoch ?? -1), Assignment(member.Assignment),
        ]).ToList();
        int[] widths = [Width(group.GroupId, 15), .. Enumerable.Range(1, 3).Select(column => rows.Select(row => row[column].Length).Append(15).Max()), 12, 13, 0];
        Print(widths, ["GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS", "MEMBER-EPOCH", "ASSIGNMENT"], rows, leftOut: 5);
    }

    private void PrintState(GroupDescription group)
    {
        TellEmpty(group);
        var coordinator = $"{group.Coordinator.Host}:{group.Coordinator.Port}  ({group.Coordinator.Id})";
        string[] row = [group.GroupId, coordinator, group.State, Text(group.GroupEpoch ?? -1), Text(group.TargetAssignmentEpoch ?? -1), Text(group.Members.Count)];
        int[] widths = [Width(group.GroupId, 15), Width(coordinator, 25), 15, 12, 17, 0];
        string[] header = ["GROUP", "COORDINATOR (ID)", "STATE", "GROUP-EPOCH", "ASSIGNMENT-EPOCH", "#MEMBERS"];
        if (_verbose)
            Print(widths, header, [row], leftOut: -1);
        else
            Print([.. widths[..3], 0], [.. header[..3], header[5]], [[.. row[..3], row[5]]], leftOut: -1);
    }

    private void Print(int[] widths, string[] header, IEnumerable<string[]> rows, int leftOut)
    {
        if (context.Listing is { } listing)
        {
            foreach (var row in rows)
                listing.Add(header, row);
            return;
        }

        context.Out.WriteLine();
        foreach (var row in rows.Prepend(header))
            context.Out.WriteLine(Columns.Line(Shown(widths, leftOut), Shown(row, leftOut)));
    }

    /// <summary>One column is for --verbose alone.</summary>
    private T[] Shown<T>(T[] cells, int leftOut) => _verbose ? cells : [.. cells.Where((_, at) => at != leftOut)];

    private static string Assignment(IReadOnlyList<TopicPartition> partitions) =>
        string.Join(';', partitions.GroupBy(partition => partition.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal)
            .Select(topic => $"{topic.Key}:{string.Join(',', topic.Select(partition => partition.Partition).Order())}"));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Width(string cell, int minimum) => Math.Max(cell.Length, minimum);
}
