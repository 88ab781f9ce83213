using Barnabas.Coordination.Runtime;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    private volatile ImageTopics _topics = ImageTopics.Empty;

    /// <summary>The cluster's topics and the groups' configuration from now on. Called by one thread at a time, in the order of the images.</summary>
    public void OnMetadataUpdate(MetadataImage image) => _topics = _topics.Next(image);

    /// <summary>ConsumerGroupHeartbeat (KIP-848).</summary>
    public async Task<ConsumerGroupHeartbeatResponse> ConsumerGroupHeartbeatAsync(GroupRequestContext context, ConsumerGroupHeartbeatRequest request)
    {
        if (!_isActive)
            return new ConsumerGroupHeartbeatResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable };

        try
        {
            return await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.ConsumerGroupHeartbeat(context, request));
        }
        catch (Exception e)
        {
            var error = CoordinatorErrors.ToClientError(e);
            return new ConsumerGroupHeartbeatResponse { ErrorCode = error, ErrorMessage = CoordinatorErrors.ToClientMessage(e) };
        }
    }

    /// <summary>ConsumerGroupDescribe (KIP-848).</summary>
    public async Task<List<ConsumerGroupDescribeResponse.DescribedGroup>> ConsumerGroupDescribeAsync(IReadOnlyList<string> groupIds)
    {
        if (!_isActive)
            return ConsumerDescribeFailures(groupIds, ErrorCode.CoordinatorNotAvailable);

        var nameless = groupIds.Where(string.IsNullOrEmpty).ToList();
        var pending = new List<Task<List<ConsumerGroupDescribeResponse.DescribedGroup>>>();
        foreach (var (shardPartition, shardGroupIds) in ByShard([.. groupIds.Except(nameless)]))
        {
            pending.Add(AnswerAsync(
                _runtime.ReadAsync(shardPartition, shard => shard.DescribeConsumerGroups(shardGroupIds)),
                failure => ConsumerDescribeFailures(shardGroupIds, failure)));
        }

        var described = ConsumerDescribeFailures(nameless, ErrorCode.InvalidGroupId);
        foreach (var shardGroups in pending)
            described.AddRange(await shardGroups);
        return described;
    }

    private static List<ConsumerGroupDescribeResponse.DescribedGroup> ConsumerDescribeFailures(IReadOnlyList<string> groupIds, ErrorCode error) =>
        [.. groupIds.Select(groupId => new ConsumerGroupDescribeResponse.DescribedGroup { GroupId = groupId, ErrorCode = error })];
}
