using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    /// <summary>ListGroups of every shard this node has. Shards that just left are passed over; one that loads fails the whole, as in Kafka.</summary>
    public async Task<ListGroupsResponse> ListGroupsAsync(ListGroupsRequest request)
    {
        if (!_isActive)
            return new ListGroupsResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable };

        var response = new ListGroupsResponse();
        foreach (var shardGroups in _runtime.ReadAllAsync(shard => shard.ListGroups(request.StatesFilter, request.TypesFilter)))
        {
            try
            {
                response.Groups.AddRange(await shardGroups);
            }
            catch (KafkaException e) when (e.ErrorCode == ErrorCode.NotCoordinator)
            {
                // The shard moved away since it was asked: the node it moved to lists its groups.
            }
            catch (Exception e)
            {
                return new ListGroupsResponse { ErrorCode = CoordinatorErrors.ToClientError(e) };
            }
        }

        return response;
    }

    /// <summary>DescribeGroups.</summary>
    public async Task<List<DescribeGroupsResponse.DescribedGroup>> DescribeGroupsAsync(GroupRequestContext context, IReadOnlyList<string> groupIds)
    {
        if (!_isActive)
            return DescribeFailures(groupIds, ErrorCode.CoordinatorNotAvailable);

        var pending = new List<Task<List<DescribeGroupsResponse.DescribedGroup>>>();
        foreach (var (shardPartition, shardGroupIds) in ByShard(groupIds))
        {
            pending.Add(AnswerAsync(
                _runtime.ReadAsync(shardPartition, shard => shard.DescribeGroups(context, shardGroupIds)),
                failure => DescribeFailures(shardGroupIds, failure)));
        }

        var described = new List<DescribeGroupsResponse.DescribedGroup>(groupIds.Count);
        foreach (var shardGroups in pending)
            described.AddRange(await shardGroups);
        return described;
    }

    /// <summary>DeleteGroups.</summary>
    public async Task<List<DeleteGroupsResponse.DeletableGroupResult>> DeleteGroupsAsync(IReadOnlyList<string> groupIds)
    {
        if (!_isActive)
            return DeleteFailures(groupIds, ErrorCode.CoordinatorNotAvailable);

        var pending = new List<Task<List<DeleteGroupsResponse.DeletableGroupResult>>>();
        foreach (var (shardPartition, shardGroupIds) in ByShard(groupIds))
        {
            pending.Add(AnswerAsync(
                DeleteGroupsAsync(shardPartition, shardGroupIds),
                failure => DeleteFailures(shardGroupIds, failure)));
        }

        var results = new List<DeleteGroupsResponse.DeletableGroupResult>(groupIds.Count);
        foreach (var shardResults in pending)
            results.AddRange(await shardResults);
        return results;
    }

    /// <summary>Groups of one shard: the state of share groups goes first, and a group whose state stays is not deleted.</summary>
    private async Task<List<DeleteGroupsResponse.DeletableGroupResult>> DeleteGroupsAsync(TopicPartition shardPartition, List<string> groupIds)
    {
        var failed = new List<DeleteGroupsResponse.DeletableGroupResult>();
        foreach (var (groupId, request) in await _runtime.WriteAsync(shardPartition, shard => shard.BeginDeleteShareGroups(groupIds)))
        {
            var response = await _share.State.DeleteAsync(request);
            if (response.Results.SelectMany(topic => topic.Partitions).FirstOrDefault(partition => partition.ErrorCode != ErrorCode.None) is { } error)
                failed.Add(new() { GroupId = groupId, ErrorCode = error.ErrorCode });
        }

        var left = groupIds.FindAll(groupId => !failed.Exists(result => result.GroupId == groupId));
        return [.. failed, .. await _runtime.WriteAsync(shardPartition, shard => shard.DeleteGroups(left))];
    }

    private Dictionary<TopicPartition, List<string>> ByShard(IReadOnlyList<string> groupIds)
    {
        var byShard = new Dictionary<TopicPartition, List<string>>();
        foreach (var groupId in groupIds)
        {
            var shard = ShardOf(groupId);
            if (!byShard.TryGetValue(shard, out var shardGroupIds))
                byShard.Add(shard, shardGroupIds = []);
            shardGroupIds.Add(groupId);
        }

        return byShard;
    }

    private static List<DescribeGroupsResponse.DescribedGroup> DescribeFailures(IReadOnlyList<string> groupIds, ErrorCode error) =>
        [.. groupIds.Select(groupId => new DescribeGroupsResponse.DescribedGroup { GroupId = groupId, ErrorCode = error })];

    private static List<DeleteGroupsResponse.DeletableGroupResult> DeleteFailures(IReadOnlyList<string> groupIds, ErrorCode error) =>
        [.. groupIds.Select(groupId => new DeleteGroupsResponse.DeletableGroupResult { GroupId = groupId, ErrorCode = error })];
}
