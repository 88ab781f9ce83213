using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

/// <summary>Describes classic groups as DescribeGroups answers them.</summary>
internal static class ClassicGroupDescriber
{
    /// <summary>The first version that says GROUP_ID_NOT_FOUND; before, a missing group is Dead (KIP-1043).</summary>
    private const short GroupIdNotFoundVersion = 6;

    public static DescribeGroupsResponse.DescribedGroup Describe(GroupRegistry groups, GroupRequestContext context, string groupId)
    {
        ClassicGroup group;
        try
        {
            group = groups.GetClassic(groupId);
        }
        catch (KafkaException e)
        {
            var missing = new DescribeGroupsResponse.DescribedGroup { GroupId = groupId, GroupState = nameof(ClassicGroupState.Dead) };
            if (context.ApiVersion >= GroupIdNotFoundVersion)
            {
                missing.ErrorCode = e.ErrorCode;
                missing.ErrorMessage = e.Message;
            }

            return missing;
        }

        var described = new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = groupId,
            GroupState = group.StateName,
            ProtocolType = group.ProtocolTypeName,
        };

        // During a rebalance metadata and assignments belong to no generation.
        var isStable = group.State == ClassicGroupState.Stable;
        if (isStable)
            described.ProtocolData = group.ProtocolName ?? "";
        foreach (var member in group.Members)
        {
            described.Members.Add(new DescribeGroupsResponse.DescribedGroupMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                MemberMetadata = isStable ? member.MetadataOf(group.ProtocolName) : [],
                MemberAssignment = isStable ? member.Assignment : [],
            });
        }

        return described;
    }
}
