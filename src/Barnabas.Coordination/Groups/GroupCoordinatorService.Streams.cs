using Barnabas.Coordination.Groups.Streams;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    /// <summary>StreamsGroupHeartbeat (KIP-1071); with the answer come internal topics that are to be created.</summary>
    public async Task<StreamsHeartbeatResult> StreamsGroupHeartbeatAsync(GroupRequestContext context, StreamsGroupHeartbeatRequest request)
    {
        if (!_isActive)
            return new StreamsHeartbeatResult(new() { ErrorCode = ErrorCode.CoordinatorNotAvailable }, []);

        try
        {
            return await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.StreamsGroupHeartbeat(context, request));
        }
        catch (Exception e)
        {
            var error = CoordinatorErrors.ToClientError(e);
            return new StreamsHeartbeatResult(new() { ErrorCode = error, ErrorMessage = CoordinatorErrors.ToClientMessage(e) }, []);
        }
    }

    /// <summary>StreamsGroupDescribe (KIP-1071).</summary>
    public async Task<List<StreamsGroupDescribeResponse.DescribedGroup>> StreamsGroupDescribeAsync(IReadOnlyList<string> groupIds)
    {
        if (!_isActive)
            return StreamsDescribeFailures(groupIds, ErrorCode.CoordinatorNotAvailable);

        var pending = new List<Task<List<StreamsGroupDescribeResponse.DescribedGroup>>>();
        foreach (var (shardPartition, shardGroupIds) in ByShard(groupIds))
        {
            pending.Add(AnswerAsync(
                _runtime.ReadAsync(shardPartition, shard => shard.DescribeStreamsGroups(shardGroupIds)),
                failure => StreamsDescribeFailures(shardGroupIds, failure)));
        }

        var described = new List<StreamsGroupDescribeResponse.DescribedGroup>(groupIds.Count);
        foreach (var shardGroups in pending)
            described.AddRange(await shardGroups);
        return described;
    }

    private static List<StreamsGroupDescribeResponse.DescribedGroup> StreamsDescribeFailures(IReadOnlyList<string> groupIds, ErrorCode error) =>
        [.. groupIds.Select(groupId => new StreamsGroupDescribeResponse.DescribedGroup { GroupId = groupId, ErrorCode = error })];
}
