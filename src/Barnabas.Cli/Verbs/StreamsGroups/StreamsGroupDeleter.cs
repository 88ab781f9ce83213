using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>kafka-streams-groups --delete.</summary>
internal sealed class StreamsGroupDeleter(VerbContext context, AdminClient admin, TimeSpan timeout)
{
    public async Task RunAsync(IReadOnlyList<string> groupIds, bool withInternalTopics)
    {
        var failures = await CheckAsync(groupIds);
        var deletable = groupIds.Where(groupId => !failures.ContainsKey(groupId)).ToList();
        var internalTopics = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (withInternalTopics && deletable.Count > 0)
            foreach (var (groupId, described) in await admin.DescribeStreamsGroupsAsync(deletable, timeout, context.Stop))
                internalTopics[groupId] = InternalTopics.Of(described.Value, context.Out);
        var deleted = new List<string>();
        if (deletable.Count > 0)
            foreach (var (groupId, outcome) in await admin.DeleteGroupsAsync(deletable, timeout, context.Stop))
            {
                if (outcome.Error is { } error)
                    failures[groupId] = JavaErrors.Describe(error);
                else
                    deleted.Add(groupId);
            }

        Print(deleted, failures);
        await DeleteInternalTopicsAsync(deleted, internalTopics);
    }

    /// <summary>Why groups cannot be deleted, in the words of the original.</summary>
    private async Task<Dictionary<string, string>> CheckAsync(IReadOnlyList<string> groupIds)
    {
        var listings = (await admin.ListGroupsAsync([], ["streams"], timeout, context.Stop)).ToDictionary(group => group.GroupId, StringComparer.Ordinal);
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var groupId in groupIds)
        {
            if (!listings.TryGetValue(groupId, out var listing))
                failures[groupId] = $"java.lang.IllegalArgumentException: Group '{groupId}' does not exist or is not a streams group.";
            else if (listing.State == "Dead")
                failures[groupId] = $"java.lang.IllegalStateException: Streams group '{groupId}' group state is DEAD.";
            else if (listing.State != "Empty")
                failures[groupId] = $"org.apache.kafka.common.errors.GroupNotEmptyException: Streams group '{groupId}' is not EMPTY.";
        }

        return failures;
    }

    private void Print(List<string> deleted, Dictionary<string, string> failures)
    {
        var names = string.Join("', '", deleted);
        if (failures.Count == 0)
        {
            context.Out.WriteLine($"Deletion of requested streams groups ('{names}') was successful.");
            return;
        }

        context.Out.WriteLine("\nError: Deletion of some streams groups failed:");
        foreach (var (groupId, reason) in failures)
            context.Out.WriteLine($"* Group '{groupId}' could not be deleted due to: {reason}");
        if (deleted.Count > 0)
            context.Out.WriteLine($"\nThese streams groups were deleted successfully: '{names}'.");
    }

    private async Task DeleteInternalTopicsAsync(List<string> deleted, Dictionary<string, List<string>> internalTopics)
    {
        var done = new List<string>();
        var failed = new List<(string GroupId, KafkaException Error)>();
        foreach (var groupId in deleted.Where(internalTopics.ContainsKey))
        {
            if (await InternalTopics.DeleteAsync(context, admin, internalTopics[groupId], timeout) is { } error)
                failed.Add((groupId, error));
            else
                done.Add(groupId);
        }

        if (done.Count > 0)
            context.Out.WriteLine($"Deletion of associated internal topics of the streams groups ('{string.Join("', '", done)}') was successful.");
        foreach (var (groupId, error) in failed)
            context.Out.WriteLine($"* Internal topics of the streams group '{groupId}' could not be deleted due to: {JavaErrors.Describe(error)}");
    }
}
