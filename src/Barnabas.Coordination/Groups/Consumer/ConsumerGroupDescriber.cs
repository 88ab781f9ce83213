using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>Describes KIP-848 groups as ConsumerGroupDescribe answers them.</summary>
internal static class ConsumerGroupDescriber
{
    private const sbyte ClassicMember = 0;
    private const sbyte ConsumerMember = 1;

    public static ConsumerGroupDescribeResponse.DescribedGroup Describe(GroupRegistry groups, string groupId, IGroupTopics topics, ConsumerGroupConfig config)
    {
        if (!groups.TryGet(groupId, out var found) || found is not ConsumerGroup group)
        {
            return new ConsumerGroupDescribeResponse.DescribedGroup
            {
                GroupId = groupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = found is null ? $"Group {groupId} not found." : $"Group {groupId} is not a consumer group.",
            };
        }

        return new ConsumerGroupDescribeResponse.DescribedGroup
        {
            GroupId = groupId,
            GroupState = group.StateName,
            GroupEpoch = group.GroupEpoch,
            AssignmentEpoch = group.TargetEpoch,
            AssignorName = group.Members.Values.Select(member => member.ServerAssignorName).OfType<string>().GroupBy(name => name)
                .OrderByDescending(votes => votes.Count()).Select(votes => votes.Key).FirstOrDefault(config.Assignors[0].Name),
            Members = [.. group.Members.Values.OrderBy(member => KafkaOrder.Of(member.MemberId)).Select(member => new ConsumerGroupDescribeResponse.Member
            {
                MemberId = member.MemberId,
                InstanceId = member.InstanceId,
                RackId = member.RackId,
                MemberEpoch = member.MemberEpoch,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SubscribedTopicNames = [.. member.SubscribedTopicNames],
                SubscribedTopicRegex = member.SubscribedTopicRegex ?? "",
                // What a member is asked to give up is its own until it does.
                Assignment = ToResponse(member.AssignedPartitions.Union(member.PartitionsPendingRevocation), topics),
                TargetAssignment = ToResponse(group.TargetOf(member.MemberId), topics),
                MemberType = member.UsesClassicProtocol ? ClassicMember : ConsumerMember,
            })],
        };
    }

    /// <summary>A topic that is deleted has no name any more and is left out.</summary>
    private static ConsumerGroupDescribeResponse.Assignment ToResponse(Assignment assignment, IGroupTopics topics) => new()
    {
        TopicPartitions = [.. assignment.Partitions.Where(topic => topics.TryGet(topic.Key, out _)).Select(topic => new ConsumerGroupDescribeResponse.TopicPartitions
        {
            TopicId = topic.Key,
            TopicName = topics.TryGet(topic.Key, out var known) ? known.Name : "",
            Partitions = [.. topic.Value],
        })],
    };
}
