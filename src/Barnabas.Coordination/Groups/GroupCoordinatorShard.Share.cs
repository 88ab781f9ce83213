using Barnabas.Coordination.Groups.Share;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorShard
{
    /// <summary>ShareGroupHeartbeat (KIP-932).</summary>
    public CoordinatorResult<ShareHeartbeatResult> ShareGroupHeartbeat(GroupRequestContext context, ShareGroupHeartbeatRequest request) => _share.Heartbeat(context, request);

    /// <summary>ShareGroupDescribe.</summary>
    public List<ShareGroupDescribeResponse.DescribedGroup> DescribeShareGroups(IReadOnlyList<string> groupIds) =>
        [.. groupIds.Select(groupId => ShareGroupDescriber.Describe(_groups, groupId, _topics()))];

    /// <summary>The share coordinator has begun the state of these partitions.</summary>
    public CoordinatorResult<bool> ShareStateBegun(string groupId, IReadOnlyDictionary<Uuid, IReadOnlyList<int>> partitions) => _share.StateBegun(groupId, partitions);

    /// <summary>The share coordinator could not begin the state of these partitions.</summary>
    public CoordinatorResult<bool> ShareStateNotBegun(string groupId, IReadOnlyDictionary<Uuid, IReadOnlyList<int>> partitions) => _share.StateNotBegun(groupId, partitions);

    /// <summary>The partitions of a share group whose state has begun; none for a group that is not there.</summary>
    public IReadOnlyDictionary<Uuid, IReadOnlyList<int>> InitializedSharePartitions(string groupId) => _share.InitializedPartitions(groupId);

    /// <summary>AlterShareGroupOffsets.</summary>
    public CoordinatorResult<(AlterShareGroupOffsetsResponse Response, InitializeShareGroupStateRequest? Initialize)> AlterShareGroupOffsets(AlterShareGroupOffsetsRequest request) =>
        _share.AlterOffsets(request);

    /// <summary>DeleteShareGroupOffsets, first half.</summary>
    public CoordinatorResult<(DeleteShareGroupStateRequest? Delete, DeleteShareGroupOffsetsResponse Errors)> BeginDeleteShareGroupOffsets(DeleteShareGroupOffsetsRequest request) =>
        _share.BeginDeleteOffsets(request);

    /// <summary>DeleteShareGroupOffsets, second half.</summary>
    public CoordinatorResult<bool> EndDeleteShareGroupOffsets(string groupId, IReadOnlyList<Uuid> topicIds) => _share.EndDeleteOffsets(groupId, topicIds);

    /// <summary>What the share coordinator has to forget before share groups among these can be deleted, by group.</summary>
    public CoordinatorResult<IReadOnlyDictionary<string, DeleteShareGroupStateRequest>> BeginDeleteShareGroups(IReadOnlyList<string> groupIds)
    {
        var records = new List<CoordinatorRecord>();
        var requests = new Dictionary<string, DeleteShareGroupStateRequest>(StringComparer.Ordinal);
        foreach (var groupId in groupIds)
        {
            // A group that cannot be deleted is refused when its turn comes.
            if (_groups.TryGet(groupId, out var found) && found is ShareGroup { IsEmpty: true } group && _share.BeginDeletion(group, records) is { } request)
                requests[groupId] = request;
        }

        return new(records, requests);
    }
}
