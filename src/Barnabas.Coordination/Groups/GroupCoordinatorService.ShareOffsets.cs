using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    /// <summary>DescribeShareGroupOffsets of one group; null topics means all that the group has state for.</summary>
    public async Task<DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup> DescribeShareGroupOffsetsAsync(
        DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup request)
    {
        var response = new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup { GroupId = request.GroupId };
        if (!_isActive)
        {
            (response.ErrorCode, response.ErrorMessage) = (ErrorCode.CoordinatorNotAvailable, ErrorCodes.Message(ErrorCode.CoordinatorNotAvailable));
            return response;
        }

        try
        {
            var unknown = new List<DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic>();
            var asked = request.Topics is { } topics
                ? Resolve(topics, unknown)
                : await _runtime.ReadAsync(ShardOf(request.GroupId), shard => shard.InitializedSharePartitions(request.GroupId));
            var summary = new ReadShareGroupStateSummaryRequest
            {
                GroupId = request.GroupId,
                Topics = [.. asked.Where(topic => _topics.TryGet(topic.Key, out _)).Select(topic => new ReadShareGroupStateSummaryRequest.ReadStateSummaryData
                {
                    TopicId = topic.Key,
                    Partitions = [.. topic.Value.Select(partition => new ReadShareGroupStateSummaryRequest.PartitionData { Partition = partition })],
                })],
            };
            if (summary.Topics.Count > 0)
                response.Topics.AddRange((await _share.State.ReadSummaryAsync(summary)).Results.Select(Describe));
            response.Topics.AddRange(unknown);
        }
        catch (Exception e)
        {
            var error = CoordinatorErrors.ToClientError(e);
            (response.ErrorCode, response.ErrorMessage) = (error, ErrorCodes.Message(error));
        }

        return response;
    }

    /// <summary>The ids of the topics; a topic that is not there has no offsets, which is no error.</summary>
    private Dictionary<Uuid, IReadOnlyList<int>> Resolve(
        List<DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic> topics, List<DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic> unknown)
    {
        var resolved = new Dictionary<Uuid, IReadOnlyList<int>>();
        foreach (var topic in topics)
        {
            if (_topics.TryGet(topic.TopicName, out var known))
            {
                resolved[known.Id] = topic.Partitions;
                continue;
            }

            unknown.Add(new()
            {
                TopicName = topic.TopicName,
                Partitions = [.. topic.Partitions.Select(partition => new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition { PartitionIndex = partition, StartOffset = -1 })],
            });
        }

        return resolved;
    }

    private DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic Describe(ReadShareGroupStateSummaryResponse.ReadStateSummaryResult topic)
    {
        var name = _topics.TryGet(topic.TopicId, out var known) ? known.Name : "";
        return new()
        {
            TopicId = topic.TopicId,
            TopicName = name,
            Partitions = [.. topic.Partitions.Select(partition => Describe(name, partition))],
        };
    }

    /// <summary>The lag is what lies between start offset and end, less what is done with. Where nobody has counted there is none.</summary>
    private DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition Describe(string topic, ReadShareGroupStateSummaryResponse.PartitionResult state)
    {
        var described = new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition { PartitionIndex = state.Partition, StartOffset = -1, Lag = -1 };
        if (state.ErrorCode != ErrorCode.None)
            return described;

        (described.StartOffset, described.LeaderEpoch) = (state.StartOffset, state.LeaderEpoch);
        if (state.StartOffset == -1 || state.DeliveryCompleteCount == -1)
            return described;

        var (error, end) = _share.LatestOffset(new TopicPartition(topic, state.Partition));
        if (error != ErrorCode.None)
            return new() { PartitionIndex = state.Partition, ErrorCode = error, ErrorMessage = ErrorCodes.Message(error) };
        described.Lag = end - state.StartOffset - state.DeliveryCompleteCount;
        return described;
    }
}
