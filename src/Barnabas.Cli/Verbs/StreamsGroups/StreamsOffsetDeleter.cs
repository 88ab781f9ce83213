using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsumerGroups;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>kafka-streams-groups --delete-offsets.</summary>
internal sealed class StreamsOffsetDeleter(VerbContext context, AdminClient admin, StreamsGroupsOptions all, OptionSet options)
{
    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.LongOf(all.Timeout));

    public async Task RunAsync()
    {
        var groupId = options.Required(all.Group);
        var results = new Dictionary<TopicPartition, KafkaException?>();
        var partitions = await PartitionsAsync(groupId, results);
        KafkaException? refused = null;
        try
        {
            foreach (var (partition, outcome) in await admin.DeleteGroupOffsetsAsync(groupId, partitions, _timeout, context.Stop))
                results[partition] = outcome.Error;
        }
        catch (KafkaException error)
        {
            refused = error;
            foreach (var partition in partitions)
                results[partition] = error;
        }

        refused ??= results.Values.FirstOrDefault(error => error is { ErrorCode: ErrorCode.GroupIdNotFound or ErrorCode.InvalidGroupId or ErrorCode.GroupAuthorizationFailed or ErrorCode.NonEmptyGroup });
        context.Out.WriteLine(
            refused is not null ? $"\nError: {ErrorCodes.Message(refused.ErrorCode)}"
            : results.Values.Any(error => error is not null) ? "\nError: Encountered some partition-level error, see the follow-up details."
            : $"Request succeeded for deleting offsets from group {groupId}.");
        var width = results.Keys.Select(partition => partition.Topic.Length).Append(15).Max();
        context.Out.WriteLine();
        context.Out.WriteLine($"{"TOPIC".PadRight(width)} {"PARTITION",-10} {"STATUS",-15}");
        foreach (var (partition, error) in results.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
        {
            var number = partition.Partition < 0 ? "-" : partition.Partition.ToString(CultureInfo.InvariantCulture);
            context.Out.WriteLine($"{partition.Topic.PadRight(width)} {number,-10} {(error is null ? "Successful" : "Error: " + JavaErrors.Describe(error)),-15}");
        }
    }

    private async Task<List<TopicPartition>> PartitionsAsync(string groupId, Dictionary<TopicPartition, KafkaException?> results)
    {
        if (options.Has(all.AllInputTopics))
        {
            var group = (await admin.DescribeStreamsGroupsAsync([groupId], _timeout, context.Stop))[groupId].Value;
            return StreamsGroupOffsets.OfInputTopics(group, await GroupOffsets.CommittedAsync(context, admin, groupId, _timeout));
        }

        var partitions = new List<TopicPartition>();
        foreach (var topic in options.ValuesOf(all.InputTopic))
        {
            try
            {
                partitions.AddRange(await TopicPartitions.ResolveAsync(admin, [topic], _timeout, context.Stop));
            }
            catch (KafkaException error) when (error.ErrorCode == ErrorCode.UnknownTopicOrPartition)
            {
                results[new TopicPartition(topic, -1)] = error;
            }
        }

        return partitions;
    }
}
