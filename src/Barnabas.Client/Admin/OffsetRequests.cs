using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

/// <summary>OffsetCommit and OffsetFetch in one shape over all their versions, for admin client and consumer.</summary>
internal static class OffsetRequests
{
    // From version 10 on topics go by id, which a committer of offsets need not know.
    private const short HighestByName = 9;

    public static async Task<Dictionary<TopicPartition, OffsetAndMetadata?>> FetchAsync(
        NodeConnection connection, string groupId, IReadOnlyCollection<TopicPartition>? partitions, string? memberId, int memberEpoch, bool requireStable, CancellationToken cancellationToken)
    {
        var lowest = requireStable ? (short)7 : partitions is null ? (short)2 : (short)1;
        var version = connection.Versions.Choose(ApiKey.OffsetFetch, lowest, HighestByName);
        var request = new OffsetFetchRequest();
        if (version >= 7) request.RequireStable = requireStable;
        if (version >= 8)
        {
            var group = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = groupId, Topics = null };
            if (version >= 9) (group.MemberId, group.MemberEpoch) = (memberId, memberEpoch);
            if (partitions is not null) group.Topics = [.. partitions.GroupBy(one => one.Topic).Select(topic => new OffsetFetchRequest.OffsetFetchRequestTopics { Name = topic.Key, PartitionIndexes = [.. topic.Select(one => one.Partition)] })];
            request.Groups.Add(group);
        }
        else
        {
            request.GroupId = groupId;
            request.Topics = partitions is null ? null : [.. partitions.GroupBy(one => one.Topic).Select(topic => new OffsetFetchRequest.OffsetFetchRequestTopic { Name = topic.Key, PartitionIndexes = [.. topic.Select(one => one.Partition)] })];
        }

        var response = await connection.SendAsync(request, version, cancellationToken);
        return version >= 8 ? Read(response, groupId) : ReadSingle(response);
    }

    public static async Task<Dictionary<TopicPartition, ErrorCode>> CommitAsync(
        NodeConnection connection,
        string groupId,
        string memberId,
        int generation,
        string? groupInstanceId,
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets,
        CancellationToken cancellationToken)
    {
        var version = connection.Versions.Choose(ApiKey.OffsetCommit, lowest: groupInstanceId is null ? (short)2 : (short)7, highest: HighestByName);
        var request = new OffsetCommitRequest { GroupId = groupId, MemberId = memberId, GenerationIdOrMemberEpoch = generation, GroupInstanceId = groupInstanceId };
        foreach (var topic in offsets.GroupBy(offset => offset.Key.Topic))
        {
            request.Topics.Add(new OffsetCommitRequest.OffsetCommitRequestTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(offset => new OffsetCommitRequest.OffsetCommitRequestPartition
                {
                    PartitionIndex = offset.Key.Partition,
                    CommittedOffset = offset.Value.Offset,
                    CommittedLeaderEpoch = offset.Value.LeaderEpoch,
                    CommittedMetadata = offset.Value.Metadata,
                })],
            });
        }

        var response = await connection.SendAsync(request, version, cancellationToken);
        var errors = new Dictionary<TopicPartition, ErrorCode>();
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions) errors[new TopicPartition(topic.Name, partition.PartitionIndex)] = partition.ErrorCode;
        }

        return errors;
    }

    private static Dictionary<TopicPartition, OffsetAndMetadata?> Read(OffsetFetchResponse response, string groupId)
    {
        var group = response.Groups.Find(one => one.GroupId == groupId) ?? throw ErrorCode.UnknownServerError.ToException($"The response has no group {groupId}");
        if (group.ErrorCode != ErrorCode.None) throw group.ErrorCode.ToException();
        var offsets = new Dictionary<TopicPartition, OffsetAndMetadata?>();
        foreach (var topic in group.Topics)
        {
            foreach (var partition in topic.Partitions)
                Add(offsets, new TopicPartition(topic.Name, partition.PartitionIndex), partition.ErrorCode, partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata);
        }

        return offsets;
    }

    private static Dictionary<TopicPartition, OffsetAndMetadata?> ReadSingle(OffsetFetchResponse response)
    {
        if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
        var offsets = new Dictionary<TopicPartition, OffsetAndMetadata?>();
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions)
                Add(offsets, new TopicPartition(topic.Name, partition.PartitionIndex), partition.ErrorCode, partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata);
        }

        return offsets;
    }

    // An error of one partition fails the whole: half an answer would look like "nothing committed".
    private static void Add(Dictionary<TopicPartition, OffsetAndMetadata?> offsets, TopicPartition partition, ErrorCode error, long offset, int leaderEpoch, string? metadata)
    {
        if (error != ErrorCode.None) throw error.ToException($"{ErrorCodes.Message(error)} (offset of {partition})");
        offsets[partition] = offset < 0 ? null : new OffsetAndMetadata(offset, leaderEpoch, metadata ?? "");
    }
}
