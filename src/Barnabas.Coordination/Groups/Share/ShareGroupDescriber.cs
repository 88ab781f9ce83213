using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>Describes share groups as ShareGroupDescribe answers them.</summary>
internal static class ShareGroupDescriber
{
    public static ShareGroupDescribeResponse.DescribedGroup Describe(GroupRegistry groups, string groupId, IGroupTopics topics)
    {
        if (!groups.TryGet(groupId, out var found) || found is not ShareGroup group)
        {
            return new ShareGroupDescribeResponse.DescribedGroup
            {
                GroupId = groupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = found is null ? $"Group {groupId} not found." : $"Group {groupId} is not a share group.",
            };
        }

        return new ShareGroupDescribeResponse.DescribedGroup
        {
            GroupId = groupId,
            GroupState = group.StateName,
            GroupEpoch = group.GroupEpoch,
            AssignmentEpoch = group.TargetEpoch,
            AssignorName = SimpleAssignor.Name,
            Members = [.. group.Members.Values.Select(member => new ShareGroupDescribeResponse.Member
            {
                MemberId = member.MemberId,
                RackId = member.RackId,
                MemberEpoch = member.MemberEpoch,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SubscribedTopicNames = [.. member.SubscribedTopicNames],
                Assignment = ToResponse(member.AssignedPartitions, topics),
            })],
        };
    }

    /// <summary>A topic that is deleted has no name any more and is left out.</summary>
    private static ShareGroupDescribeResponse.Assignment ToResponse(Assignment assignment, IGroupTopics topics) => new()
    {
        TopicPartitions = [.. assignment.Partitions.Where(topic => topics.TryGet(topic.Key, out _)).Select(topic => new ShareGroupDescribeResponse.TopicPartitions
        {
            TopicId = topic.Key,
            TopicName = topics.TryGet(topic.Key, out var known) ? known.Name : "",
            Partitions = [.. topic.Value],
        })],
    };
}
