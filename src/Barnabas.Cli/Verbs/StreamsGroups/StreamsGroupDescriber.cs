using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>kafka-streams-groups --describe. As in the original, a group without members has neither members nor lag to show.</summary>
internal sealed class StreamsGroupDescriber(VerbContext context, AdminClient admin, StreamsGroupsOptions all, OptionSet options)
{
    private const string None = "-";

    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.LongOf(all.Timeout));
    private readonly bool _verbose = options.Has(all.Verbose);

    public async Task RunAsync(IReadOnlyList<string> groupIds)
    {
        foreach (var groupId in groupIds)
        {
            var group = (await admin.DescribeStreamsGroupsAsync([groupId], _timeout, context.Stop))[groupId].Value;
            if (options.Has(all.Members))
                PrintMembers(group);
            else if (options.Has(all.State))
                PrintState(group);
            else
                await PrintOffsetsAsync(group);
        }
    }

    private void PrintMembers(StreamsGroupDescription group)
    {
        if (group.State == "Dead" || group.Members.Count == 0)
            return;
        if (context.Listing is { } listing)
        {
            foreach (var member in group.Members)
                AddMember(listing, group, member);
            return;
        }

        int Width(Func<StreamsGroupMember, string> cell) => group.Members.Select(member => cell(member).Length).Append(15).Max();
        var (ids, processes, clients) = (Width(member => member.MemberId), Width(member => member.ProcessId), Width(member => member.ClientId));
        var name = group.GroupId.PadRight(15);
        var groups = name.Length;
        context.Out.WriteLine(_verbose
            ? $"{"GROUP".PadRight(groups)} {"TARGET-ASSIGNMENT-EPOCH",-25} {"TOPOLOGY-EPOCH",-15}{"MEMBER".PadRight(ids)} {"MEMBER-PROTOCOL",-15} {"MEMBER-EPOCH",-15} {"PROCESS".PadRight(processes)} {"CLIENT-ID".PadRight(clients)} ASSIGNMENTS"
            : $"{"GROUP".PadRight(groups)} {"MEMBER".PadRight(ids)} {"PROCESS".PadRight(processes)} {"CLIENT-ID".PadRight(clients)} ASSIGNMENTS");
        foreach (var member in group.Members)
        {
            var (id, process, client) = (member.MemberId.PadRight(ids), member.ProcessId.PadRight(processes), member.ClientId.PadRight(clients));
            context.Out.WriteLine(_verbose
                ? $"{name} {Text(group.TargetAssignmentEpoch),-25} {Text(group.TopologyEpoch),-15}{id} {(member.IsClassic ? "classic" : "streams"),-15} {Text(member.MemberEpoch),-15} {process} {client} {Tasks("", member.Assignment)}{Tasks("TARGET-", member.TargetAssignment)}"
                : $"{name} {id} {process} {client} {Tasks("", member.Assignment)}");
        }
    }

    private void AddMember(JsonListing listing, StreamsGroupDescription group, StreamsGroupMember member) => listing.Add(
        _verbose
            ? ["GROUP", "TARGET-ASSIGNMENT-EPOCH", "TOPOLOGY-EPOCH", "MEMBER", "MEMBER-PROTOCOL", "MEMBER-EPOCH", "PROCESS", "CLIENT-ID", "ASSIGNMENTS", "TARGET-ASSIGNMENTS"]
            : ["GROUP", "MEMBER", "PROCESS", "CLIENT-ID", "ASSIGNMENTS"],
        _verbose
            ? [
                group.GroupId, Text(group.TargetAssignmentEpoch), Text(group.TopologyEpoch), member.MemberId, member.IsClassic ? "classic" : "streams", Text(member.MemberEpoch),
                member.ProcessId, member.ClientId, Tasks("", member.Assignment).TrimEnd(), Tasks("", member.TargetAssignment).TrimEnd(),
            ]
            : [group.GroupId, member.MemberId, member.ProcessId, member.ClientId, Tasks("", member.Assignment).TrimEnd()]);

    private void PrintState(StreamsGroupDescription group)
    {
        if (group.State is "Dead" or "Empty")
            (context.Listing is null ? context.Out : context.Error).WriteLine($"\nError: Streams group '{group.GroupId}' {(group.State == "Dead" ? "does not exist" : "has no active members")}.");
        var coordinator = $"{group.Coordinator.Host}:{group.Coordinator.Port} ({group.Coordinator.Id})";
        if (context.Listing is { } listing)
        {
            listing.Add(
                ["GROUP", "COORDINATOR (ID)", "STATE", "GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH", "#MEMBERS"],
                [group.GroupId, coordinator, group.State, Text(group.GroupEpoch), Text(group.TargetAssignmentEpoch), Text(group.Members.Count)]);
            return;
        }

        var (groups, coordinators) = (Math.Max(15, group.GroupId.Length), Math.Max(25, coordinator.Length));
        void Print(string id, string at, string state, string epoch, string target, string members) =>
            context.Out.WriteLine(id.PadRight(groups) + " " + at.PadRight(coordinators) + $" {state,-25} " + (_verbose ? $"{epoch,-15} {target,-25} " : "") + members);
        Print("GROUP", "COORDINATOR (ID)", "STATE", "GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH", "#MEMBERS");
        Print(group.GroupId, coordinator, group.State, Text(group.GroupEpoch), Text(group.TargetAssignmentEpoch), Text(group.Members.Count));
    }

    private async Task PrintOffsetsAsync(StreamsGroupDescription group)
    {
        if (group.State == "Dead" || group.Members.Count == 0)
            return;
        var partitions = Partitions(group);
        var first = await ListAsync(partitions, OffsetSpec.Earliest);
        var end = await ListAsync(partitions, OffsetSpec.Latest);
        var committed = (await admin.ListGroupOffsetsAsync(
            new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group.GroupId] = null }, timeout: _timeout, cancellationToken: context.Stop))[group.GroupId].Value;
        var (groups, topics) = (Math.Max(15, group.GroupId.Length), partitions.Select(partition => partition.Topic.Length).Append(15).Max());
        if (context.Listing is null)
            PrintHeader(groups, topics);
        foreach (var partition in partitions)
        {
            var offset = committed.GetValueOrDefault(partition);
            // Without an offset the group has all of the partition before it.
            var lag = Text(end[partition] - (offset?.Offset ?? first[partition]));
            var (current, epoch) = (offset is null ? None : Text(offset.Offset), offset is null or { LeaderEpoch: < 0 } ? None : Text(offset.LeaderEpoch));
            if (context.Listing is { } listing)
            {
                listing.Add(
                    ["GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LEADER-EPOCH", "LOG-END-OFFSET", "OFFSET-LAG"],
                    [group.GroupId, partition.Topic, Text(partition.Partition), current, epoch, Text(end[partition]), lag]);
                continue;
            }

            context.Out.WriteLine($"{group.GroupId.PadRight(groups)} {partition.Topic.PadRight(topics)} {Text(partition.Partition),-10} "
                + (_verbose ? $"{current,-15} {epoch,-15} {Text(end[partition]),-15} {lag,-15}" : lag));
        }
    }

    private void PrintHeader(int groups, int topics) =>
        context.Out.WriteLine($"{"GROUP".PadRight(groups)} {"TOPIC".PadRight(topics)} {"PARTITION",-10} "
            + (_verbose ? $"{"CURRENT-OFFSET",-15} {"LEADER-EPOCH",-15} {"LOG-END-OFFSET",-15} {"OFFSET-LAG",-15}" : "OFFSET-LAG"));

    private async Task<Dictionary<TopicPartition, long>> ListAsync(List<TopicPartition> partitions, OffsetSpec spec) => partitions.Count == 0 ? [] :
        (await admin.ListOffsetsAsync(partitions.ToDictionary(partition => partition, _ => spec), timeout: _timeout, cancellationToken: context.Stop)).ToDictionary(pair => pair.Key, pair => pair.Value.Value.Offset);

    /// <summary>What the members read: each active task has its partition of each topic of its subtopology.</summary>
    private static List<TopicPartition> Partitions(StreamsGroupDescription group)
    {
        var topics = group.Subtopologies.ToDictionary(part => part.SubtopologyId, part => part.SourceTopics.Concat(part.RepartitionSourceTopics), StringComparer.Ordinal);
        return [.. group.Members.SelectMany(member => member.Assignment.Active)
            .SelectMany(tasks => (topics.GetValueOrDefault(tasks.SubtopologyId) ?? []).SelectMany(topic => tasks.Partitions.Select(partition => new TopicPartition(topic, partition))))
            .Distinct().OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition)];
    }

    private static string Tasks(string prefix, StreamsTasks tasks) =>
        Tasks($"{prefix}ACTIVE", tasks.Active) + Tasks($"{prefix}STANDBY", tasks.Standby) + Tasks($"{prefix}WARMUP", tasks.Warmup);

    private static string Tasks(string type, IReadOnlyList<(string SubtopologyId, IReadOnlyList<int> Partitions)> tasks) =>
        tasks.Count == 0 ? "" : $"{type}: " + string.Concat(tasks.Select(task => $"{task.SubtopologyId}:[{string.Join(',', task.Partitions)}]; "));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
