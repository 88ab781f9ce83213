using Barnabas.Coordination.Groups.Share;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    /// <summary>ShareGroupHeartbeat (KIP-932). Partitions new to the group get state behind the answer; a later heartbeat brings their assignment.</summary>
    public async Task<ShareGroupHeartbeatResponse> ShareGroupHeartbeatAsync(GroupRequestContext context, ShareGroupHeartbeatRequest request)
    {
        if (!_isActive)
            return new ShareGroupHeartbeatResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable };

        try
        {
            var result = await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.ShareGroupHeartbeat(context, request));
            if (result.Initialize is { } initialize)
                _ = BeginShareStateAsync(initialize);
            return result.Response;
        }
        catch (Exception e)
        {
            var error = CoordinatorErrors.ToClientError(e);
            return new ShareGroupHeartbeatResponse { ErrorCode = error, ErrorMessage = CoordinatorErrors.ToClientMessage(e) };
        }
    }

    /// <summary>ShareGroupDescribe.</summary>
    public async Task<List<ShareGroupDescribeResponse.DescribedGroup>> ShareGroupDescribeAsync(IReadOnlyList<string> groupIds)
    {
        if (!_isActive)
            return ShareDescribeFailures(groupIds, ErrorCode.CoordinatorNotAvailable);

        var pending = new List<Task<List<ShareGroupDescribeResponse.DescribedGroup>>>();
        foreach (var (shardPartition, shardGroupIds) in ByShard(groupIds))
        {
            pending.Add(AnswerAsync(
                _runtime.ReadAsync(shardPartition, shard => shard.DescribeShareGroups(shardGroupIds)),
                failure => ShareDescribeFailures(shardGroupIds, failure)));
        }

        var described = new List<ShareGroupDescribeResponse.DescribedGroup>(groupIds.Count);
        foreach (var shardGroups in pending)
            described.AddRange(await shardGroups);
        return described;
    }

    /// <summary>AlterShareGroupOffsets of topics that exist.</summary>
    public async Task<AlterShareGroupOffsetsResponse> AlterShareGroupOffsetsAsync(AlterShareGroupOffsetsRequest request)
    {
        var error = CheckGroup(request.GroupId);
        if (error != ErrorCode.None)
            return new AlterShareGroupOffsetsResponse { ErrorCode = error, ErrorMessage = ErrorCodes.Message(error) };

        try
        {
            var (response, initialize) = await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.AlterShareGroupOffsets(request));
            if (initialize is not null)
                AddErrors(response, await BeginShareStateAsync(initialize));
            return response;
        }
        catch (Exception e)
        {
            var failure = CoordinatorErrors.ToClientError(e);
            return new AlterShareGroupOffsetsResponse { ErrorCode = failure, ErrorMessage = e is KafkaException ? e.Message : ErrorCodes.Message(failure) };
        }
    }

    /// <summary>DeleteShareGroupOffsets of topics that exist.</summary>
    public async Task<DeleteShareGroupOffsetsResponse> DeleteShareGroupOffsetsAsync(DeleteShareGroupOffsetsRequest request)
    {
        var error = CheckGroup(request.GroupId);
        if (error != ErrorCode.None)
            return new DeleteShareGroupOffsetsResponse { ErrorCode = error, ErrorMessage = ErrorCodes.Message(error) };

        try
        {
            var (delete, response) = await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.BeginDeleteShareGroupOffsets(request));
            if (delete is null)
                return response;

            var deleted = await _share.State.DeleteAsync(delete);
            var done = new List<Uuid>();
            var results = new List<DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic>();
            foreach (var topic in deleted.Results)
            {
                var failed = topic.Partitions.Find(partition => partition.ErrorCode != ErrorCode.None)?.ErrorCode ?? ErrorCode.None;
                if (failed == ErrorCode.None)
                    done.Add(topic.TopicId);
                results.Add(new()
                {
                    TopicId = topic.TopicId,
                    TopicName = _topics.TryGet(topic.TopicId, out var known) ? known.Name : "",
                    ErrorCode = failed,
                    ErrorMessage = failed == ErrorCode.None ? null : ErrorCodes.Message(failed),
                });
            }

            if (done.Count > 0)
                await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.EndDeleteShareGroupOffsets(request.GroupId, done));
            response.Responses.InsertRange(0, results);
            return response;
        }
        catch (Exception e)
        {
            var failure = CoordinatorErrors.ToClientError(e);
            return new DeleteShareGroupOffsetsResponse { ErrorCode = failure, ErrorMessage = e is KafkaException ? e.Message : ErrorCodes.Message(failure) };
        }
    }

    /// <summary>Asks the share coordinator to begin state and notes what came of it.</summary>
    /// <returns>The errors, by partition.</returns>
    private async Task<Dictionary<(Uuid TopicId, int Partition), (ErrorCode Code, string? Message)>> BeginShareStateAsync(InitializeShareGroupStateRequest request)
    {
        var errors = new Dictionary<(Uuid, int), (ErrorCode, string?)>();
        var partitions = request.Topics.ToDictionary(topic => topic.TopicId, topic => (IReadOnlyList<int>)[.. topic.Partitions.Select(partition => partition.Partition)]);
        var shard = ShardOf(request.GroupId);
        try
        {
            var response = await _share.State.InitializeAsync(request);
            foreach (var topic in response.Results)
            {
                foreach (var partition in topic.Partitions.Where(partition => partition.ErrorCode != ErrorCode.None))
                    errors[(topic.TopicId, partition.Partition)] = (partition.ErrorCode, partition.ErrorMessage);
            }

            if (errors.Count > 0)
            {
                var (code, message) = errors.Values.First();
                _logger.ShareStateNotBegun(request.GroupId, code.ToString(), message);
            }

            await (errors.Count == 0
                ? _runtime.WriteAsync(shard, s => s.ShareStateBegun(request.GroupId, partitions))
                : _runtime.WriteAsync(shard, s => s.ShareStateNotBegun(request.GroupId, partitions)));
        }
        catch (Exception e)
        {
            _logger.ShareStateNotNoted(e, request.GroupId);
            var code = CoordinatorErrors.ToClientError(e);
            foreach (var (topicId, indexes) in partitions)
                foreach (var index in indexes)
                    errors[(topicId, index)] = (code, ErrorCodes.Message(code));
        }

        return errors;
    }

    private static void AddErrors(AlterShareGroupOffsetsResponse response, Dictionary<(Uuid TopicId, int Partition), (ErrorCode Code, string? Message)> errors)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode == ErrorCode.None && errors.TryGetValue((topic.TopicId, partition.PartitionIndex), out var error))
                    (partition.ErrorCode, partition.ErrorMessage) = error;
            }
        }
    }

    private static List<ShareGroupDescribeResponse.DescribedGroup> ShareDescribeFailures(IReadOnlyList<string> groupIds, ErrorCode error) =>
        [.. groupIds.Select(groupId => new ShareGroupDescribeResponse.DescribedGroup { GroupId = groupId, ErrorCode = error })];
}
