using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

/// <content>Groups that become KIP-848 groups, and come back.</content>
internal sealed partial class ClassicGroupProtocol
{
    /// <summary>The group is about to follow the other protocol: whoever waits in it has to rejoin.</summary>
    public void Disband(ClassicGroup group)
    {
        foreach (var member in group.Members)
        {
            group.CompleteJoin(member, JoinError(UnknownMemberId, ErrorCode.RebalanceInProgress));
            ClassicGroup.CompleteSync(member, new SyncGroupResponse { ErrorCode = ErrorCode.RebalanceInProgress });
        }
    }

    /// <summary>Takes up a group that followed the other protocol, and lets it rebalance where there is a reason to.</summary>
    public void Adopt(ClassicGroup group, string? rebalanceReason)
    {
        groups.Put(group);
        foreach (var member in group.Members)
            RescheduleHeartbeat(group, member);
        // Nobody waits yet, so that nothing is to be written.
        if (rebalanceReason is not null)
            PrepareRebalance(group, rebalanceReason);
    }
}
